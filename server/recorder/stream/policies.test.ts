import { describe, expect, it } from 'vitest';
import { failureCause, gapReasonOf, scrubbed, stateOf } from './failure.ts';
import { concatScript } from './ffmpeg-arguments.ts';
import { restartAfter, restartLimits } from './restart-policy.ts';
import { StartGate } from './start-gate.ts';

describe('the restart policy', () => {
  it('doubles the pause from half a second to thirty, less up to a quarter', () => {
    const pauses: number[] = [];
    let failures = 0;
    for (let i = 0; i < 9; i += 1) {
      const verdict = restartAfter(failures, { cause: 'connection_refused', recordedMs: 0 }, 1);
      failures = verdict.failures;
      pauses.push(verdict.delayMs);
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(restartAfter(6, { cause: 'timeout', recordedMs: 0 }, 0).delayMs).toBe(22_500);
  });

  it('counts a failure after healthy recording as the first', () => {
    expect(restartAfter(6, { cause: 'no_frames', recordedMs: restartLimits.healthyMs }, 1)).toEqual({
      delayMs: 500,
      failures: 1,
    });
  });

  it('loses no time with a new format, unless it changes again and again', () => {
    const format = { cause: 'format_changed', recordedMs: restartLimits.healthyMs } as const;
    expect(restartAfter(3, format, 1)).toEqual({ delayMs: 0, failures: 0 });
    expect(restartAfter(0, { ...format, recordedMs: 900 }, 1).delayMs).toBe(500);
  });

  it('is slow with refused credentials, since cameras lock accounts', () => {
    expect(restartAfter(0, { cause: 'bad_credentials', recordedMs: 0 }, 0).delayMs).toBeGreaterThanOrEqual(45_000);
  });
});

describe('the cause of a failure', () => {
  it.each([
    [
      '[rtsp] method DESCRIBE failed: 401 Unauthorized\npipe:0: Invalid data found',
      'bad_credentials',
      'auth_failed',
      'auth_failed',
    ],
    ['Connection to tcp://10.0.0.9:554 failed: Connection refused', 'connection_refused', 'offline', 'camera_offline'],
    ['Connection to tcp://10.0.0.9:554 failed: No route to host', 'host_unreachable', 'offline', 'network'],
    ['method DESCRIBE failed: 404 Not Found', 'not_found', 'offline', 'camera_offline'],
    ['pipe:0: Connection timed out', 'timeout', 'offline', 'camera_offline'],
    ['Stream map 0:v:0 matches no streams.', 'unsupported_stream', 'offline', 'stream_stalled'],
    ['[mp4] dimensions not set\nCould not write header', 'no_frames', 'stalled', 'stream_stalled'],
    ['missing picture in access unit with size 50\ndimensions not set', 'broken_stream', 'stalled', 'stream_stalled'],
    [
      'Could not find tag for codec pcm_mulaw in stream #1, codec not currently supported in container',
      'audio_unsupported',
      'connecting',
      'stream_stalled',
    ],
    ['something new', 'ffmpeg_failed', 'offline', 'stream_stalled'],
  ] as const)('of %j is %s', (words, cause, state, reason) => {
    expect(failureCause({ stderr: words, exitCode: 1, hadFrames: false })).toBe(cause);
    expect(stateOf(cause)).toBe(state);
    expect(gapReasonOf(cause)).toBe(reason);
  });

  it('is the camera that closed when frames had come', () => {
    expect(failureCause({ stderr: '', exitCode: 0, hadFrames: true })).toBe('connection_closed');
    const stderr = 'Invalid data found when processing input';
    expect(failureCause({ stderr, exitCode: 1, hadFrames: true })).toBe('connection_closed');
  });

  it('is silence when a connection was taken and nothing was answered until the network timeout', () => {
    const stderr = "[concat] Impossible to open 'rtsp://10.0.0.9/'\npipe:0: Invalid data found when processing input";
    expect(failureCause({ stderr, exitCode: 1, hadFrames: false, lastedMs: 5100 })).toBe('timeout');
    expect(failureCause({ stderr, exitCode: 1, hadFrames: false, lastedMs: 300 })).toBe('unsupported_stream');
  });

  it('is on this machine when ffmpeg was killed', () => {
    expect(failureCause({ stderr: '', exitCode: null, killed: true, hadFrames: true })).toBe('ffmpeg_killed');
    expect(gapReasonOf('ffmpeg_killed')).toBe('server_crashed');
  });

  it('is told without user name and password', () => {
    const words = "Impossible to open 'rtsp://admin:p%40ss@10.0.0.9:554/live'";
    expect(scrubbed(words)).toBe("Impossible to open 'rtsp://10.0.0.9:554/live'");
  });
});

describe('the concat script', () => {
  it('carries address and credentials, percent-encoded and quoted', () => {
    const script = concatScript({ url: "rtsp://10.0.0.9:554/a'b?c=1", username: 'giám sát', password: "x@/:'\n" });
    expect(script.split('\n').slice(0, 3)).toEqual([
      'ffconcat version 1.0',
      "file 'rtsp://gi%C3%A1m%20s%C3%A1t:x%40%2F%3A%27%0A@10.0.0.9:554/a'\\''b?c=1'",
      'option rtsp_transport tcp',
    ]);
  });

  it.each(['http://10.0.0.9/', 'file:///etc/passwd', 'rtsp://user:secret@10.0.0.9/', 'concat:x', '', 'rtsp://'])(
    'refuses %j',
    (url) => {
      expect(() => concatScript({ url, username: '', password: '' })).toThrow(
        expect.objectContaining({ code: 'source_invalid' }),
      );
    },
  );
});

describe('the start gate', () => {
  it('lets in as many as it may, the others in order, and forgets who gave up', async () => {
    const gate = new StartGate(1);
    const never = new AbortController();
    const leave = await gate.enter(never.signal);
    const entered: string[] = [];
    const impatient = new AbortController();
    const first = gate.enter(impatient.signal).catch(() => entered.push('gave up'));
    const second = gate.enter(never.signal).then((done) => {
      entered.push('second');
      return done;
    });
    impatient.abort();
    await first;
    leave();
    leave();
    (await second)();
    expect(entered).toEqual(['gave up', 'second']);
    (await gate.enter(never.signal))();
  });
});
