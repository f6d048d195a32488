import classes from './segmented.module.css';

interface SegmentedProps<V extends string> {
  /** What the choice is about, for those who do not see it. */
  label: string;
  options: readonly { value: V; label: React.ReactNode; title?: string }[];
  value: V;
  onChange: (value: V) => void;
  /** 32 px high, for dark tools. */
  compact?: boolean;
}

/** One of a few, side by side. */
export function Segmented<V extends string>({ label, options, value, onChange, compact = false }: SegmentedProps<V>) {
  return (
    <fieldset className={classes.root} data-compact={compact || undefined}>
      <legend className={classes.legend}>{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={classes.option}
          aria-pressed={option.value === value}
          title={option.title}
          aria-label={option.title}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
