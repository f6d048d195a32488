/** The account that a camera wants. */
export interface Credentials {
  username: string;
  password: string;
}

export const NO_CREDENTIALS: Credentials = { username: '', password: '' };
