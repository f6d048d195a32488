import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconDownload from '@tabler/icons-react/icons/IconDownload';
import IconUpload from '@tabler/icons-react/icons/IconUpload';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ImportRow } from '../../../server/contracts/camera-onboarding.ts';
import { downloadImportTemplate, useImportCameras } from '../../api/camera-onboarding.ts';
import { paths } from '../../app/paths.ts';
import { Chip } from '../../components/chip.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Skeleton } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { useFileDownload } from '../../components/use-file-download.ts';
import { CamerasTabs } from './cameras-tabs.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import classes from './discover.module.css';
import { useColumnFaults, useRowErrorWords } from './import-words.ts';

const MOST_CHARACTERS = 300_000;

/** Many cameras from a file: each row is tried, its errors named, and all are added or none. */
export default function ImportPage() {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const columnFaults = useColumnFaults();
  const send = useImportCameras();
  const [fetching, getTemplate] = useFileDownload();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<{ name: string; csv: string } | null>(null);
  const [large, setLarge] = useState(false);
  const [credentials, setCredentials] = useState(NO_CREDENTIALS);
  const rows = send.data?.rows ?? [];
  const wrong = rows.filter(({ errors }) => errors.length > 0).length;
  const applied = send.data?.applied ?? false;
  const trying = send.isPending && send.variables.apply !== true;

  const tryIt = (csv: string) => send.mutate({ csv, apply: false, ...credentials });
  const read = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    const csv = await chosen.text();
    setLarge(csv.length > MOST_CHARACTERS);
    if (csv.length > MOST_CHARACTERS) return;
    setFile({ name: chosen.name, csv });
    tryIt(csv);
  };
  return (
    <div className={page.page}>
      <CamerasTabs />
      <section className={classes.panel}>
        <h2 className={classes.heading}>{t('import.title')}</h2>
        <p className={page.muted}>{t('import.text')}</p>
        <div className={classes.formRow}>
          <div className={classes.account}>
            <CredentialFields value={credentials} onChange={setCredentials} />
          </div>
        </div>
        <p className={page.muted}>{t('import.accountHint')}</p>
        <div className={page.tools}>
          <input
            ref={input}
            type="file"
            accept=".csv,text/csv"
            className={table.spoken}
            tabIndex={-1}
            aria-label={t('import.choose')}
            onChange={(event) => {
              void read(event.currentTarget.files?.[0]);
              event.currentTarget.value = '';
            }}
          />
          <Button
            loading={trying}
            variant={wrong === 0 && rows.length > 0 ? 'default' : 'filled'}
            leftSection={<IconUpload size={18} stroke={1.8} aria-hidden />}
            onClick={() => input.current?.click()}
          >
            {t(file === null ? 'import.choose' : 'import.other')}
          </Button>
          <Button
            variant="default"
            loading={fetching}
            leftSection={<IconDownload size={18} stroke={1.8} aria-hidden />}
            onClick={() => getTemplate(downloadImportTemplate)}
          >
            {t('import.template')}
          </Button>
          {file !== null && !applied && (
            <Button variant="default" disabled={send.isPending} onClick={() => tryIt(file.csv)}>
              {t('import.again')}
            </Button>
          )}
          {file !== null && <span className={page.muted}>{file.name}</span>}
        </div>
        {large && (
          <Notice icon={IconAlertTriangle} kind="fault" alert>
            {t('import.large')}
          </Notice>
        )}
        {trying && (
          <div role="status" aria-busy>
            <p className={page.muted}>{t('import.trying')}</p>
            <Skeleton height={8} />
          </div>
        )}
        {send.error !== null && (
          <Notice icon={IconAlertTriangle} kind="fault" title={t('import.failed')} alert>
            {words(send.error)}
            {columnFaults(send.error).map((fault) => (
              <p key={fault}>{fault}</p>
            ))}
          </Notice>
        )}
      </section>
      {rows.length > 0 && (
        <section className={table.card}>
          <table className={table.table}>
            <thead>
              <tr>
                <th>{t('import.line')}</th>
                <th>{t('column.name')}</th>
                <th>{t('results.result')}</th>
                <th className={table.roomy}>{t('column.device')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.line} row={row} />
              ))}
            </tbody>
          </table>
          <div className={classes.foot} role="status">
            <span className={page.grow}>
              <b>{t(applied ? 'import.added' : 'import.rows', { count: rows.length })}</b>{' '}
              {wrong > 0 && t('import.wrong', { count: wrong })}
            </span>
            {applied ? (
              <Button component={Link} to={paths.cameras()}>
                {t('import.list')}
              </Button>
            ) : (
              <Button
                disabled={wrong > 0 || file === null}
                loading={send.isPending && send.variables.apply === true}
                onClick={() => file !== null && send.mutate({ csv: file.csv, apply: true, ...credentials })}
              >
                {t('import.apply', { count: rows.length })}
              </Button>
            )}
          </div>
        </section>
      )}
    </div>
  );
}

function Row({ row }: { row: ImportRow }) {
  const { t } = useTranslation('cameras');
  const wordsOf = useRowErrorWords();
  return (
    <tr>
      <td>{row.line}</td>
      <td>
        <span className={table.main}>{row.name || t('results.unknown')}</span>
        <span className={table.second}>{row.address}</span>
      </td>
      <td className={table.under}>
        {row.errors.length === 0 ? (
          <Chip tone="good" icon={IconCircleCheck}>
            {t(row.cameraId === null ? 'import.good' : 'import.isAdded')}
          </Chip>
        ) : (
          row.errors.map((error) => (
            <span key={`${error.column} ${error.code}`} className={classes.rowError}>
              <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
              {wordsOf(error)}
            </span>
          ))
        )}
      </td>
      <td className={table.roomy}>{[row.device?.manufacturer, row.device?.model].filter(Boolean).join(' ')}</td>
    </tr>
  );
}
