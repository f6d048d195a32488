import { Checkbox, Popover } from '@mantine/core';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconX from '@tabler/icons-react/icons/IconX';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './filter-button.module.css';
import { matches } from './time.ts';

export interface FilterOption {
  value: string;
  label: string;
  icon?: React.ReactNode;
}

interface FilterButtonProps {
  label: string;
  options: readonly FilterOption[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** One value at most. */
  single?: boolean;
}

const SEARCH_FROM = 8;

/** A filter above a list: closed it says what is set (in accent tint, with a cross), open it is a list to tick. */
export function FilterButton({ label, options, value, onChange, single = false }: FilterButtonProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [search, setSearch] = useState('');
  const id = useId();
  const set = value.length > 0;
  const first = options.find((option) => option.value === value[0])?.label ?? value[0];
  const summary = value.length > 1 ? t('filter.several', { first, count: value.length - 1 }) : first;

  const toggle = (picked: string) => {
    const has = value.includes(picked);
    if (single) {
      onChange(has ? [] : [picked]);
      setOpened(false);
    } else onChange(has ? value.filter((other) => other !== picked) : [...value, picked]);
  };

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" withinPortal trapFocus returnFocus offset={4}>
      <span className={classes.root} data-set={set || undefined}>
        <Popover.Target>
          <button
            type="button"
            className={classes.button}
            aria-expanded={opened}
            aria-haspopup="dialog"
            onClick={() => {
              setSearch('');
              setOpened(!opened);
            }}
          >
            {set ? (
              <>
                {label}: <b>{summary}</b>
              </>
            ) : (
              label
            )}
            {!set && <IconChevronDown size={16} stroke={1.8} aria-hidden />}
          </button>
        </Popover.Target>
        {set && (
          <button
            type="button"
            className={classes.clear}
            aria-label={t('filter.clearOne', { label })}
            onClick={() => onChange([])}
          >
            <IconX size={16} stroke={1.8} aria-hidden />
          </button>
        )}
      </span>
      <Popover.Dropdown className={classes.dropdown} aria-label={label}>
        {options.length >= SEARCH_FROM && (
          <input
            className={classes.search}
            type="search"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            placeholder={t('filter.search')}
            aria-label={t('filter.search')}
          />
        )}
        <div className={classes.list}>
          {options
            .filter((option) => matches(search, option.label))
            .map((option) => (
              <label key={option.value} className={classes.option} htmlFor={`${id}-${option.value}`}>
                <Checkbox
                  id={`${id}-${option.value}`}
                  checked={value.includes(option.value)}
                  onChange={() => toggle(option.value)}
                />
                {option.icon}
                <span>{option.label}</span>
              </label>
            ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
