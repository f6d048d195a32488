import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './empty-state.tsx';
import { useErrorText } from './error-text.ts';

/** In the place of content that could not be fetched: what happened, and the button to try again. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const words = useErrorText();
  return (
    <div role="alert">
      <EmptyState
        icon={IconAlertTriangle}
        title={t('error.title')}
        hint={words(error)}
        action={
          onRetry && (
            <Button variant="default" onClick={onRetry}>
              {t('retry')}
            </Button>
          )
        }
      />
    </div>
  );
}
