export interface SetupTokenTable {
  token_hash: string;
  expires_at_ms: number;
}
