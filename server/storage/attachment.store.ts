export interface AttachmentTable {
  id: string;
  incident_id: string;
  /** The entry that it belongs to; null while no step has used it. */
  entry_seq: number | null;
  name: string;
  type: string;
  size_bytes: number;
  sha256: string;
  uploaded_by_id: string;
  uploaded_at_ms: number;
}
export type AttachmentRow = AttachmentTable;
