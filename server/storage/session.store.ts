export interface SessionTable {
  id: string;
  token_hash: string;
  user_id: string;
  csrf_token: string;
  address: string;
  user_agent: string;
  created_at_ms: number;
  last_seen_ms: number;
  expires_at_ms: number;
}
