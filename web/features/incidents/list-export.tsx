import { Button, Menu } from '@mantine/core';
import IconDownload from '@tabler/icons-react/icons/IconDownload';
import { useTranslation } from 'react-i18next';
import { listFormat } from '../../../server/contracts/reports.ts';
import { downloadCaseList } from '../../api/reports.ts';
import { useFileDownload } from '../../components/use-file-download.ts';
import { useLang } from '../../components/use-lang.ts';
import { filterOf, type ListAddress } from './list-address.ts';

/** The cases that the list shows, all pages of it, as a file. */
export function ListExport({ address }: { address: ListAddress }) {
  const { t } = useTranslation('reports');
  const lang = useLang();
  const [busy, get] = useFileDownload();
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <Button
          variant="default"
          title={t('list.hint')}
          leftSection={<IconDownload size={16} stroke={1.8} aria-hidden />}
          loading={busy}
          data-testid="list-export"
        >
          {t('list.label')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {listFormat.options.map((format) => (
          <Menu.Item
            key={format}
            onClick={() => get((signal) => downloadCaseList(format, filterOf(address), lang, signal))}
          >
            {t(`list.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
