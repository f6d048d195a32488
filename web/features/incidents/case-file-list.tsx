import IconFile from '@tabler/icons-react/icons/IconFile';
import IconFileTypePdf from '@tabler/icons-react/icons/IconFileTypePdf';
import IconFileTypography from '@tabler/icons-react/icons/IconFileTypography';
import IconPhoto from '@tabler/icons-react/icons/IconPhoto';
import IconPresentation from '@tabler/icons-react/icons/IconPresentation';
import IconTable from '@tabler/icons-react/icons/IconTable';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './case-files.module.css';
import { type FileKind, kindOf } from './case-files-policy.ts';

const ICONS: Record<FileKind, typeof IconFile> = {
  pdf: IconFileTypePdf,
  picture: IconPhoto,
  text: IconFileTypography,
  sheet: IconTable,
  slides: IconPresentation,
  other: IconFile,
};

export function FileIcon({ name }: { name: string }) {
  const Glyph = ICONS[kindOf(name)];
  return <Glyph size={20} stroke={1.8} aria-hidden />;
}

interface FileListProps {
  files: readonly { id: string; name: string; sizeBytes: number }[];
  /** Address of a file. */
  hrefOf: (id: string) => string;
}

/** Files that were handed in, each a download. */
export function FileList({ files, hrefOf }: FileListProps) {
  const { t } = useTranslation('incidents');
  const lang = useLang();
  return (
    <ul className={classes.files} aria-label={t('files.attached')}>
      {files.map(({ id, name, sizeBytes }) => (
        <li key={id}>
          <a className={classes.file} href={hrefOf(id)} download={name}>
            <FileIcon name={name} />
            <span className={classes.words}>
              <span className={classes.name}>{name}</span>
              <span className={classes.size}>{formatBytes(sizeBytes, lang)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
