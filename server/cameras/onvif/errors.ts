import type { SoapFault } from './soap.ts';

/**
 * Why a call to a device failed.
 * unreachable: no connection · timeout: no whole answer in time · aborted: the caller gave up · not_allowed: configuration forbids the
 * address · malformed: the answer is no well-formed SOAP within the caps · http: an answer without SOAP · fault: a SOAP fault that is
 * not about credentials · redirected: sent to another host · certificate_changed: not the pinned certificate ·
 * the rest tell authentication failures apart.
 */
export type OnvifFailure =
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'not_allowed'
  | 'malformed'
  | 'http'
  | 'fault'
  | 'redirected'
  | 'certificate_changed'
  | 'credentials_needed'
  | 'bad_credentials'
  | 'clock_skew'
  | 'locked_out'
  | 'basic_only';

export type AuthFailure = Extract<
  OnvifFailure,
  'credentials_needed' | 'bad_credentials' | 'clock_skew' | 'locked_out' | 'basic_only'
>;

const authFailures: ReadonlySet<OnvifFailure> = new Set<OnvifFailure>([
  'credentials_needed',
  'bad_credentials',
  'clock_skew',
  'locked_out',
  'basic_only',
]);

export interface OnvifErrorDetails {
  /** HTTP status, where there was one. */
  status?: number;
  fault?: SoapFault | undefined;
  /** The system's name for a broken connection, or which cap was passed: `ECONNREFUSED`, `too_large` … */
  detail?: string;
  cause?: unknown;
}

/** A device did not do what was asked. The message names no address, user or password. */
export class OnvifError extends Error {
  readonly failure: OnvifFailure;
  readonly status: number | undefined;
  readonly fault: SoapFault | undefined;
  readonly detail: string | undefined;

  constructor(failure: OnvifFailure, details: OnvifErrorDetails = {}) {
    const told = details.fault?.subcodes.join('/') || details.detail || (details.status && `HTTP ${details.status}`);
    super(told ? `${failure}: ${told}` : failure, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'OnvifError';
    this.failure = failure;
    this.status = details.status;
    this.fault = details.fault;
    this.detail = details.detail;
  }
}

/** The authentication failure that an error stands for, or null where it is about something else. */
export function authFailureOf(error: unknown): AuthFailure | null {
  return error instanceof OnvifError && authFailures.has(error.failure) ? (error.failure as AuthFailure) : null;
}
