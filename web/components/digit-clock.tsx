import classes from './digit-clock.module.css';
import { formatTime } from './time.ts';
import { useNow } from './use-now.ts';

/** Text whose digits keep their places while it runs: the font has no tabular figures, so each digit gets a box. */
export function Digits({ text }: { text: string }) {
  return (
    <span className={classes.digits}>
      <span className={classes.spoken}>{text}</span>
      <span aria-hidden>
        {[...text].map((character, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a digit is its place
          <span key={at} className={/\d/.test(character) ? classes.digit : undefined}>
            {character}
          </span>
        ))}
      </span>
    </span>
  );
}

/** The time of day in Việt Nam, running; or, with `ms`, the one given. */
export function DigitClock({ ms }: { ms?: number }) {
  return ms === undefined ? <Running /> : <Digits text={formatTime(ms)} />;
}

function Running() {
  return <Digits text={formatTime(useNow())} />;
}
