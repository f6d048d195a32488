import { errorBody } from '../../server/contracts/common.ts';

/** The stable code in the body of an answer that refuses, or null when something else than the server has written it. */
export function refusalCode(body: string): string | null {
  try {
    return errorBody.parse(JSON.parse(body)).error.code;
  } catch {
    return null;
  }
}
