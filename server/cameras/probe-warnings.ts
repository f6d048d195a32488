/** What an administrator should know of a device that works all the same. */
const messages = {
  clock_skew: 'The camera’s clock differs from the server’s; logins may fail and its own time stamp misleads.',
  clock_unknown: 'The camera does not tell its time.',
  address_repaired:
    'The camera names addresses that lead nowhere from here; the address that answered is used instead.',
  media2_failed: 'The camera lists the Media2 service but does not answer on it; Media1 is used.',
  services_incomplete: 'The camera did not answer one of the two questions for its services.',
  no_media: 'The device has no media service, or no profile: there is nothing to record.',
  password_in_clear: 'The device takes the password only in the clear (HTTP Basic).',
  https_only: 'The port speaks https only.',
  stream_uri_missing: 'A profile has no usable stream address.',
  no_sub_stream: 'There is no smaller stream: the wall will show the main stream, which costs bandwidth.',
  hevc: 'The main stream is H.265: it is recorded as it is and converted while someone watches.',
  gop_long: 'More than 4 s between keyframes: live pictures start late and jumps in playback are coarse.',
  no_authentication: 'The camera answers without credentials.',
  credentials_unproven: 'The camera answers without credentials, so that these could not be proved.',
  certificate_pinned: 'From now on only the certificate that the camera shows now is accepted.',
  probe_incomplete: 'The camera did not answer everything in time.',
} as const;

export type WarningCode = keyof typeof messages;

export interface ProbeWarning {
  code: WarningCode;
  message: string;
}

export function warning(code: WarningCode): ProbeWarning {
  return { code, message: messages[code] };
}
