import { Button } from '@mantine/core';
import IconPrinter from '@tabler/icons-react/icons/IconPrinter';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { downloadCasePaper } from '../../api/reports.ts';
import { useFileDownload } from '../../components/use-file-download.ts';

/** The case as an administrative paper (PDF), with what the reader may see of it. */
export function CasePrint({ incident: { id, number } }: { incident: Pick<Incident, 'id' | 'number'> }) {
  const { t } = useTranslation('reports');
  const [busy, get] = useFileDownload();
  return (
    <Button
      variant="default"
      title={t('print.hint')}
      leftSection={<IconPrinter size={18} stroke={1.8} aria-hidden />}
      loading={busy}
      data-testid="case-print"
      onClick={() => get((signal) => downloadCasePaper(id, number, signal))}
    >
      {t('print.label')}
    </Button>
  );
}
