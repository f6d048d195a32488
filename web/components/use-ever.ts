import { useState } from 'react';

/** Whether the value has ever been true: what is shown on demand is fetched at the first demand and then stays. */
export function useEver(value: boolean): boolean {
  const [ever, setEver] = useState(value);
  if (value && !ever) setEver(true);
  return ever;
}
