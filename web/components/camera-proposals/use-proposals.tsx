import { lazy, Suspense, useState } from 'react';
import type { CameraProposal } from '../../../server/contracts/camera-health.ts';
import { useOpenProposals } from '../../api/camera-health.ts';
import { useCan } from '../../api/session.ts';
import { restTexts } from '../../app/i18n.ts';
import { useEver } from '../use-ever.ts';

const ProposalsDialog = lazy(async () => (await Promise.all([import('./proposals-dialog.tsx'), restTexts()]))[0]);
const none: readonly CameraProposal[] = [];

/** Proposals that wait for a word of the signed-in person; none for those who may not flag. */
export function useWaitingProposals(): readonly CameraProposal[] {
  const may = useCan('flag_incident');
  return useOpenProposals({ enabled: may }).data ?? none;
}

/**
 * Cameras that may have been covered, turned or cut and wait for a word. `dialog` belongs anywhere on the page, `open` shows it.
 */
export function useProposals(): { proposals: readonly CameraProposal[]; open: () => void; dialog: React.ReactNode } {
  const proposals = useWaitingProposals();
  const [opened, setOpened] = useState(false);
  const asked = useEver(opened);
  return {
    proposals,
    open: () => setOpened(true),
    dialog: asked && (
      <Suspense fallback={null}>
        <ProposalsDialog opened={opened} onClose={() => setOpened(false)} proposals={proposals} />
      </Suspense>
    ),
  };
}

/** The places that proposals are about, for one line: two of them, and whether there are more. */
export function placesOf(proposals: readonly CameraProposal[]): string {
  const places = [...new Set(proposals.map(({ unitName, cameraName }) => `${unitName}, ${cameraName}`))];
  return places.slice(0, 2).join(' · ') + (places.length > 2 ? ' …' : '');
}
