import { expect, test } from 'vitest';
import { type ApiClient, ApiFailure } from '../api-client.ts';
import { newDemo } from './demo-file.ts';
import { enterAsAdministrator } from './prepare-city.ts';

/** A server where somebody has signed up before; `status` answers the sign-in. */
const server = (status: number) =>
  ({
    signIn: async () => {
      throw new ApiFailure('POST /api/session', status, 'sign_in_refused', '');
    },
  }) as unknown as ApiClient;

test('a database that does not know the people of the demo is another city’s, and nothing is done there', async () => {
  await expect(enterAsAdministrator(server(401), newDemo(), null)).rejects.toThrow('not the demo’s');
  await expect(enterAsAdministrator(server(503), newDemo(), null)).rejects.toBeInstanceOf(ApiFailure);
});
