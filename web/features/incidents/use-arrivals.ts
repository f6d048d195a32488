import { useState } from 'react';
import { useServerEvent } from '../../api/realtime.ts';

/** Marks cases that arrive as unread, and tells which ones arrived since the page was opened: those slide in. */
export function useArrivals(mark: (id: string, unread: boolean) => void): ReadonlySet<string> {
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  useServerEvent('incident.created', ({ incident }) => {
    mark(incident.id, true);
    setArrived((before) => new Set(before).add(incident.id));
  });
  return arrived;
}
