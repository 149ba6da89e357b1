import { describe, expect, it } from 'vitest';
import type { FailoverMode } from '../words.ts';
import { Rehearsal, STEP_MS } from './failover-testing.ts';
import { ended } from './machine.ts';
import { confirm, decline, foreignOutput, foreignScene } from './operator.ts';

/** F1 to F10 and STR-75 to STR-86, given–when–then. */

/** The upload is gone: OBS reconnects, nothing arrives. */
function reconnecting(show: Rehearsal, { signals = 2 } = {}): () => void {
  const from = show.ms;
  Object.assign(show.sight, { transport: 2, cause: 'path-to-ingest', signals, flowing: false, growingMs: 0 });
  Object.assign(show.sight, { ingestGrows: false, primaryProbeOkRunning: 0 });
  show.look.isWeak = true;
  return () => {
    show.sight.reconnectingMs = show.ms - from;
    show.sight.stallMs = show.ms - from;
  };
}

function flowing(show: Rehearsal): () => void {
  const from = show.ms;
  Object.assign(show.sight, { transport: 0, cause: null, signals: 0, flowing: true, ingestGrows: true });
  Object.assign(show.sight, { reconnectingMs: 0, stallMs: 0, primaryProbeOkRunning: 20, streaming: true });
  show.look.isWeak = false;
  return () => (show.sight.growingMs = show.ms - from);
}

function end(show: Rehearsal, outcome: 'done' | 'failed' | 'cancelled' = 'done'): void {
  show.take(ended(show.machine, show.ms, outcome));
}

const words = (show: Rehearsal): string => show.machine.word;

describe('F1 a weak layer', () => {
  it.each<FailoverMode>(['observe', 'confirm', 'auto'])('is said and nothing is done, in %s', (mode) => {
    const show = new Rehearsal(mode);
    expect(words(show)).toBe('live');
    show.look.isWeak = true;
    show.sight.transport = 1;
    show.wait(60);
    expect(words(show)).toBe('degraded');
    expect(show.wanted).toEqual([]);
  });
});

describe('F2 a critical source with a stream that flows', () => {
  it('shows the slate after three seconds in auto, announced for three seconds', () => {
    const show = new Rehearsal('auto');
    show.sight.source = 2;
    const from = show.ms;
    show.wait(0.5);
    const [proposal] = show.of('propose');
    expect(proposal).toMatchObject({ what: 'show-slate', from: 'Live', to: 'Slate' });
    expect(show.machine.pending?.actsAtMs).toBeGreaterThanOrEqual(from + 3000);
    show.wait(3);
    const [act] = show.of('act');
    expect(act).toMatchObject({ what: 'show-slate', from: 'Live', to: 'Slate', action: 'f1' });
    expect((act?.ms ?? 0) - from).toBeLessThanOrEqual(3000 + 2 * STEP_MS);
    end(show);
    show.sight.scene = 'Slate';
    show.wait(0.5);
    expect(words(show)).toBe('holding');
  });

  it('is only proposed in confirm, and waits for ever', () => {
    const show = new Rehearsal('confirm');
    show.sight.source = 2;
    show.wait(2);
    expect(show.machine.counting).toMatchObject({ what: 'show-slate' });
    show.wait(3600);
    expect(show.of('propose')).toHaveLength(1);
    expect(show.of('act')).toEqual([]);
    expect(show.machine.pending).toMatchObject({ what: 'show-slate', actsAtMs: null });
  });

  it('is only written down in observe, once', () => {
    const show = new Rehearsal('observe');
    show.sight.source = 2;
    show.wait(300);
    expect(show.wanted.map((one) => one.do)).toEqual(['would-have']);
  });

  it.each([
    ['two seconds only', (show: Rehearsal) => void show.wait(2)],
    ['a stream that does not flow', (show: Rehearsal) => void ((show.sight.flowing = false), show.wait(20))],
    ['a broken way out (STR-85)', (show: Rehearsal) => void ((show.sight.transport = 2), show.wait(20))],
    [
      'a scene that is not on the allow-list',
      (show: Rehearsal) => void ((show.sight.scene = 'Off limits'), show.wait(20)),
    ],
    ['a slate that OBS writes otherwise', (show: Rehearsal) => void ((show.look.slateScene = 'slate'), show.wait(20))],
    ['a list of scenes that is not known', (show: Rehearsal) => void ((show.look.scenes = null), show.wait(20))],
    ['no slate', (show: Rehearsal) => void ((show.look.slateScene = null), show.wait(20))],
    ['a show that is not open', (show: Rehearsal) => void ((show.look.phase = 'planned'), show.wait(20))],
  ])('shows no slate with %s', (_, given) => {
    const show = new Rehearsal('auto');
    show.sight.source = 2;
    show.look.backupReady = false;
    given(show);
    expect(show.of('act')).toEqual([]);
  });
});

describe('F3 the source is fine again', () => {
  function holding(mode: FailoverMode = 'auto'): Rehearsal {
    const show = new Rehearsal(mode);
    show.sight.source = 2;
    show.wait(4);
    if (mode === 'confirm') show.take([confirm(show.machine, 'f1', show.ms) ?? fail()]);
    end(show);
    show.sight.scene = 'Slate';
    show.wait(80);
    expect(words(show)).toBe('holding');
    show.sight.source = 0;
    return show;
  }

  it('restores the scene that was remembered', () => {
    const show = holding();
    show.wait(5);
    expect(show.of('act').at(-1)).toMatchObject({ what: 'clear-slate', from: 'Slate', to: 'Live' });
    end(show);
    show.sight.scene = 'Live';
    show.wait(1);
    expect(words(show)).toBe('live');
  });

  it('asks in confirm', () => {
    const show = holding('confirm');
    show.wait(30);
    expect(show.of('propose').at(-1)).toMatchObject({ what: 'clear-slate', actsAtMs: null });
  });

  it('restores nothing once the operator has changed the scene, not even after a minute', () => {
    const show = holding();
    show.take(foreignScene(show.machine, show.ms));
    show.sight.scene = 'Wide';
    show.wait(120);
    expect(show.of('act')).toHaveLength(1);
    expect(words(show)).toBe('live');
  });

  it('restores nothing while the picture behind the slate stands still', () => {
    const show = holding();
    show.look.hiddenMoves = false;
    show.wait(120);
    expect(show.of('act')).toHaveLength(1);
    show.look.hiddenMoves = true;
    show.wait(4);
    expect(show.of('act')).toHaveLength(2);
  });

  it('restores nothing when the remembered scene is not there any more', () => {
    const show = holding();
    show.look.scenes = ['Slate', 'live'];
    show.wait(120);
    expect(show.of('act')).toHaveLength(1);
  });
});

function fail(): never {
  throw new Error('nothing is proposed');
}

describe('F4 and F5 the way out is broken', () => {
  it('is dark with two witnesses at once, with one after five seconds', () => {
    const two = new Rehearsal('observe');
    two.wait(0.25, reconnecting(two));
    expect(words(two)).toBe('dark');
    const one = new Rehearsal('observe');
    one.wait(4.5, reconnecting(one, { signals: 1 }));
    expect(words(one)).not.toBe('dark');
    one.wait(1);
    expect(words(one)).toBe('dark');
  });

  it('counts eight seconds down in confirm, then waits for a person', () => {
    const show = new Rehearsal('confirm');
    const each = reconnecting(show);
    const from = show.ms;
    show.wait(1, each);
    expect(show.machine.counting).toEqual({ what: 'switch-ingest', dueMs: from + 8000 });
    show.wait(6.5, each);
    expect(show.of('propose')).toEqual([]);
    show.wait(1, each);
    expect(show.of('propose')).toMatchObject([{ what: 'switch-ingest', from: 'primary', to: 'backup' }]);
    show.wait(600, each);
    expect(show.of('act')).toEqual([]);
    const act = confirm(show.machine, 'f1', show.ms);
    expect(act).toMatchObject({ do: 'act', what: 'switch-ingest', to: 'backup', action: 'f1' });
    show.wait(1, each);
    expect(words(show)).toBe('switching');
  });

  it('switches by itself in auto after eight seconds, the last three of them with a Cancel', () => {
    const show = new Rehearsal('auto');
    const each = reconnecting(show);
    const from = show.ms;
    show.wait(5, each);
    expect(show.machine.pending).toMatchObject({ what: 'switch-ingest', actsAtMs: from + 8000 });
    show.wait(3.5, each);
    expect(show.of('act')).toMatchObject([{ what: 'switch-ingest', from: 'primary', to: 'backup' }]);
    expect((show.of('act')[0]?.ms ?? 0) - from).toBe(8000);
  });

  it('switches after a stall of five seconds that OBS has not noticed', () => {
    const show = new Rehearsal('auto');
    const each = reconnecting(show);
    const from = show.ms;
    show.wait(5.5, () => {
      each();
      show.sight.reconnectingMs = 0;
    });
    expect((show.of('act')[0]?.ms ?? 0) - from).toBeLessThanOrEqual(5000 + STEP_MS);
    expect(show.of('act')).toHaveLength(1);
  });

  it.each([
    ['the backup does not answer', (show: Rehearsal) => (show.sight.backupProbeOkRunning = 2)],
    ['bytes still arrive (STR-83)', (show: Rehearsal) => (show.sight.ingestGrows = true)],
    ['there is no backup', (show: Rehearsal) => (show.look.backupReady = false)],
    ['the stream goes to the backup already (STR-82)', (show: Rehearsal) => (show.look.ingest = 'backup')],
    ['OBS does not answer (F10)', (show: Rehearsal) => (show.sight.obsCritical = true)],
    ['the show is over', (show: Rehearsal) => (show.look.phase = 'over')],
  ])('does not switch while %s', (_, given) => {
    const show = new Rehearsal('auto');
    const each = reconnecting(show);
    show.wait(60, () => {
      each();
      given(show);
    });
    expect(show.wanted).toEqual([]);
    expect(words(show)).toBe('dark');
  });

  it('takes its proposal back when the stream comes back', () => {
    const show = new Rehearsal('confirm');
    show.wait(9, reconnecting(show));
    show.wait(1, flowing(show));
    expect(show.of('withdraw')).toMatchObject([{ action: 'f1', what: 'switch-ingest' }]);
    expect(show.machine.pending).toBeNull();
    expect(confirm(show.machine, 'f1', show.ms)).toBeNull();
  });

  it('does not ask again after a no, until the trouble has been gone', () => {
    const show = new Rehearsal('confirm');
    const each = reconnecting(show);
    show.wait(9, each);
    show.take(decline(show.machine, 'f1', show.ms) ?? fail());
    show.wait(300, each);
    expect(show.of('propose')).toHaveLength(1);
    show.wait(15, flowing(show));
    show.wait(9, reconnecting(show));
    expect(show.of('propose')).toHaveLength(2);
  });

  it('cancels the countdown in auto', () => {
    const show = new Rehearsal('auto');
    const each = reconnecting(show);
    show.wait(6, each);
    show.take(decline(show.machine, 'f1', show.ms) ?? fail());
    show.wait(120, each);
    expect(show.of('act')).toEqual([]);
  });
});

describe('F6 the ingest is back and OBS waits', () => {
  it('retries once, before it would switch', () => {
    const show = new Rehearsal('auto');
    const each = reconnecting(show);
    show.wait(2, each);
    show.sight.primaryProbeOkRunning = 2;
    show.look.retryInMs = 20_000;
    show.wait(4, each);
    expect(show.of('act')).toMatchObject([{ what: 'retry-ingest', from: 'primary', to: 'primary' }]);
    end(show, 'failed');
    show.wait(50, each);
    expect(show.of('act')).toHaveLength(1);
    show.wait(20, each);
    expect(show.of('act').at(-1)).toMatchObject({ what: 'switch-ingest' });
  });

  it.each([
    ['OBS tries soon by itself', 2500, 2],
    ['OBS does not wait', null, 2],
    ['the ingest has answered only once', 20_000, 1],
  ])('does not retry when %s', (_, retryInMs, okRunning) => {
    const show = new Rehearsal('auto');
    show.look.backupReady = false;
    const each = reconnecting(show);
    show.wait(2, each);
    Object.assign(show.look, { retryInMs });
    show.sight.primaryProbeOkRunning = okRunning;
    show.wait(20, each);
    expect(show.of('act')).toEqual([]);
  });
});

describe('F7 to F9 after a switch', () => {
  function switching(): Rehearsal {
    const show = new Rehearsal('auto');
    const each = reconnecting(show);
    show.wait(8.5, each);
    expect(show.of('act')).toHaveLength(1);
    return show;
  }

  it('proves itself when bytes have grown for three seconds with little lag, and is live after fifteen clean ones', () => {
    const show = switching();
    end(show);
    show.look.ingest = 'backup';
    const each = flowing(show);
    show.wait(2.5, each);
    expect(words(show)).toBe('switching');
    show.wait(1, each);
    expect(words(show)).toBe('proving');
    show.wait(14, each);
    expect(words(show)).toBe('proving');
    show.wait(2, each);
    expect(words(show)).toBe('live');
  });

  it('is not proved while the lag is a second or more', () => {
    const show = switching();
    end(show);
    const each = flowing(show);
    show.wait(10, () => {
      each();
      show.sight.lagMs = 1000;
    });
    expect(words(show)).toBe('switching');
  });

  it('is dark again when bytes do not go on growing (F8)', () => {
    const show = switching();
    end(show);
    show.wait(16);
    expect(words(show)).toBe('dark');
    expect(show.machine.failedSwitches).toBe(1);
  });

  it('locks after two failed switches, and arming unlocks', () => {
    const show = switching();
    const each = reconnecting(show);
    end(show, 'failed');
    expect(words(show)).toBe('dark');
    show.wait(70, each);
    expect(show.of('act')).toHaveLength(2);
    end(show, 'failed');
    show.wait(1, each);
    expect(show.of('lock')).toHaveLength(1);
    expect(words(show)).toBe('locked');
    show.wait(600, each);
    expect(show.of('act')).toHaveLength(2);
  });

  it('stays dark and tries the backup again when a switch has left the stream off', () => {
    const show = switching();
    show.machine.leftOff = true;
    Object.assign(show.sight, { streaming: false, transport: 0, cause: null, reconnectingMs: 0, stallMs: 0 });
    show.look.ingest = 'backup';
    end(show, 'failed');
    show.wait(50);
    expect(words(show)).toBe('dark');
    show.wait(15);
    expect(show.of('act').at(-1)).toMatchObject({ what: 'switch-ingest', to: 'backup' });
    expect(show.of('act')).toHaveLength(2);
  });

  it('asks before it takes a slate away on the backup, unless the setting says otherwise (F9)', () => {
    for (const clearSlate of ['ask', 'auto'] as const) {
      const show = new Rehearsal('auto');
      show.look.clearSlate = clearSlate;
      show.sight.source = 2;
      show.wait(4);
      end(show);
      Object.assign(show.sight, { scene: 'Slate' });
      show.look.ingest = 'backup';
      show.sight.source = 0;
      show.wait(120);
      expect(show.of('propose').at(-1)).toMatchObject({ what: 'clear-slate' });
      expect(show.of('act').filter(({ what }) => what === 'clear-slate')).toHaveLength(clearSlate === 'ask' ? 0 : 1);
    }
  });
});

describe('F10 OBS itself', () => {
  it('is dark, and nothing is asked of it', () => {
    const show = new Rehearsal('auto');
    show.sight.obsCritical = true;
    show.sight.source = 2;
    show.wait(120, reconnecting(show));
    expect(words(show)).toBe('dark');
    expect(show.wanted).toEqual([]);
  });
});

describe('STR-78 the operator wins', () => {
  it('a scene changed in OBS keeps our hands off scenes for a minute', () => {
    const show = new Rehearsal('auto');
    show.sight.source = 2;
    show.wait(1);
    show.take(foreignScene(show.machine, show.ms));
    show.sight.scene = 'Wide';
    expect(show.of('withdraw')).toHaveLength(1);
    show.wait(59);
    expect(show.of('act')).toEqual([]);
    show.wait(5);
    expect(show.of('act')).toMatchObject([{ from: 'Wide', to: 'Slate' }]);
  });

  it.each(['start', 'stop'] as const)('a %s in OBS cancels everything and disarms', (what) => {
    const show = new Rehearsal('auto');
    show.wait(6, reconnecting(show));
    expect(show.machine.pending).not.toBeNull();
    show.take(foreignOutput(show.machine, what));
    expect(show.wanted.slice(-2)).toMatchObject([{ do: 'withdraw' }, { do: 'disarm' }]);
    show.wait(120, reconnecting(show));
    expect(show.of('act')).toEqual([]);
  });

  it('also while an act is under way', () => {
    const show = new Rehearsal('auto');
    show.wait(9, reconnecting(show));
    show.take(foreignOutput(show.machine, 'stop'));
    expect(show.wanted.slice(-2)).toMatchObject([{ do: 'abort' }, { do: 'disarm' }]);
  });

  it('going on air from rest is no interference', () => {
    const show = new Rehearsal('confirm');
    show.sight.streaming = false;
    show.wait(1);
    expect(words(show)).toBe('ready');
    show.take(foreignOutput(show.machine, 'start'));
    expect(show.machine.mode).toBe('confirm');
  });
});

describe('STR-79 limits', () => {
  it('keeps a minute between automatic acts and locks at the third within ten minutes', () => {
    const show = new Rehearsal('auto');
    for (let round = 0; round < 40; round += 1) {
      show.sight.source = round % 2 === 0 ? 2 : 0;
      show.wait(20, () => {
        const running = show.machine.running;
        if (running === null) return;
        show.sight.scene = running.to;
        end(show);
      });
    }
    const acts = show.of('act');
    expect(acts).toHaveLength(3);
    acts.forEach((act, n) => expect(act.ms - (acts[n - 1]?.ms ?? -Infinity)).toBeGreaterThanOrEqual(60_000));
    expect(words(show)).toBe('locked');
    expect(show.of('lock')).toHaveLength(1);
  });
});

describe('STR-86 the recording', () => {
  it('is started once in auto when it is off, and a second stop is respected', () => {
    const show = new Rehearsal('auto');
    show.look.recording.active = false;
    show.wait(3);
    expect(show.of('ensure-recording')).toHaveLength(1);
    show.look.recording.active = true;
    show.wait(10);
    show.look.recording.active = false;
    show.wait(600);
    expect(show.of('ensure-recording')).toHaveLength(1);
  });

  it.each([
    ['in confirm', (show: Rehearsal) => (show.machine.mode = 'confirm')],
    ['when it is not expected', (show: Rehearsal) => (show.look.recording.expected = false)],
    ['when an earlier run of the hub has done it', (show: Rehearsal) => (show.look.recording.ensuredBefore = true)],
    ['when nobody knows whether it runs', (show: Rehearsal) => (show.look.recording.active = null)],
  ])('is left alone %s', (_, given) => {
    const show = new Rehearsal('auto');
    show.look.recording = { expected: true, active: false, ensuredBefore: false };
    given(show);
    show.wait(60);
    expect(show.of('ensure-recording')).toEqual([]);
  });
});
