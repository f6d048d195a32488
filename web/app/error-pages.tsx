import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconMapQuestion from '@tabler/icons-react/icons/IconMapQuestion';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('page.notFound')} />
      <EmptyState
        icon={IconMapQuestion}
        title={t('page.notFound')}
        hint={t('page.notFoundHint')}
        action={
          <Button component={Link} to="/" variant="default">
            {t('page.home')}
          </Button>
        }
      />
    </>
  );
}

/** For a role that has no screen. */
export function NothingPage() {
  const { t } = useTranslation();
  return <EmptyState icon={IconMapQuestion} title={t('page.nothing')} />;
}

/** In the place of a page that threw; the frame stays usable. */
export function BrokenPage() {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <EmptyState
        icon={IconAlertTriangle}
        title={t('page.broken')}
        hint={t('page.brokenHint')}
        action={<Button onClick={() => window.location.reload()}>{t('page.reload')}</Button>}
      />
    </div>
  );
}
