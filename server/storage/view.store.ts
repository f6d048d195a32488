import type { StreamName } from '../contracts/common.ts';

export interface ViewTable {
  id: string;
  user_id: string;
  user_name: string;
  role: string;
  session_id: string;
  camera_id: string;
  stream: StreamName;
  kind: 'live' | 'recorded';
  from_ms: number;
  to_ms: number;
  media_from_ms: number;
  media_to_ms: number;
}
