import { Button } from '@mantine/core';
import IconEye from '@tabler/icons-react/icons/IconEye';
import IconEyeCheck from '@tabler/icons-react/icons/IconEyeCheck';
import { useTranslation } from 'react-i18next';
import { useSetWatching, useWatching } from '../../api/incident-work.ts';
import { useErrorText } from '../../components/error-text.ts';
import { toast } from '../../components/toast.tsx';

/** Whether the reader hears of what happens to the case. */
export function WatchButton({ incidentId }: { incidentId: string }) {
  const { t } = useTranslation('incidents');
  const errorText = useErrorText();
  const watching = useWatching(incidentId).data;
  const set = useSetWatching(incidentId);
  if (watching === undefined) return null;
  const on = watching.watching;
  const Glyph = on ? IconEyeCheck : IconEye;
  const count = watching.watchers?.length ?? 0;
  return (
    <Button
      variant={on ? 'light' : 'default'}
      aria-pressed={on}
      title={watching.watchers?.map(({ name }) => name).join(', ') || t('tools.watchHint')}
      leftSection={<Glyph size={18} stroke={1.8} aria-hidden />}
      loading={set.isPending}
      onClick={() =>
        set.mutate(!on, {
          onError: (error) => toast({ kind: 'error', title: t('tools.watchFailed'), text: errorText(error) }),
        })
      }
    >
      {t(on ? 'tools.watching' : 'tools.watch')}
      {count > 0 && ` · ${count}`}
    </Button>
  );
}
