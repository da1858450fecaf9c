// The invented desk's safety copies.
import type { CopiesView, CopyView, DamagedLeftView, DamagedView, OriginKind, RecoveryView, RehearsalView } from '../ipc/bindings';
import type { Backend } from './backend';

type Part = Pick<Backend, 'copies' | 'keepCopy' | 'lookAtCopies' | 'leftInSetAside' | 'discardSetAside' | 'keepSecondBox' | 'keepNoSecondBox' | 'tryRecovery' | 'chooseBoxes' | 'recover'>;

/** Copies of a laptop with three interviews. `now` gives the time. */
export function inventedCopies(now: () => string): Part {
  const folder = 'C:\\张三\\tianye\\5f1c09a2';
  const copy = (kind: OriginKind, path: string, made: string | null): CopyView => ({
    kind, path, kib: 412, made, isHere: true, trouble: null, looked: { at: now(), whole: true, entries: 41, damaged: 0, lacking: 0 },
  });
  let copies: CopyView[] = [copy('snapshot', `${folder}\\snapshots\\1.db`, '2017-04-11T21:40:00+08:00'), copy('black-box', `${folder}\\safety\\box`, null)];
  const view = (): CopiesView => ({ database: folder, kib: 980, copies, setAside, drafts: 1 });
  const damaged: DamagedView = { id: '1491998400000', at: '2017-04-12T20:00:00+08:00', path: `${folder}\\set-aside\\1491998400000`, kib: 870 };
  const left: DamagedLeftView = { database: damaged, entries: 39, missing: 0, drafts: 1, draftsMissing: 0, lostSome: true, erasures: 1 };
  let setAside: DamagedView[] = [damaged];
  const tried: RehearsalView = { snapshotMade: '2017-04-11T21:40:00+08:00', boxes: [], interviews: 3, whole: 3, own: 41, missing: 0, elsewhere: 2, drafts: 1, draftsBack: 1 };
  const came: RecoveryView = {
    ground: 'snapshot',
    snapshotMade: '2017-04-11T21:40:00+08:00',
    setAside: `${folder}\\set-aside\\1491998400000`,
    badSnapshots: [],
    lostSome: true,
    boxes: [{ path: `${folder}\\safety\\box`, kind: 'black-box', missing: false, damaged: 0, entries: 2 }],
    hub: null,
    interviews: [
      { record: 'r1', code: '217', from: { snapshot: 2 } },
      { record: 'r2', code: '218', from: { snapshot: 1, 'black-box': 1 } },
    ],
    drafts: [{ record: 'r3', code: '219', from: 'remains' }],
  };
  return {
    copies: async () => view(),
    keepCopy: async () => {
      copies = [copy('snapshot', `${folder}\\snapshots\\${String(copies.length + 1)}.db`, now()), ...copies];
      return view();
    },
    lookAtCopies: async () => view(),
    leftInSetAside: async () => left,
    discardSetAside: async () => {
      setAside = [];
      return view();
    },
    keepSecondBox: async () => {
      copies = [...copies.filter((one) => one.kind !== 'second-box'), copy('second-box', 'E:\\tianye-5f1c09a2.box', null)];
      return view();
    },
    keepNoSecondBox: async () => {
      copies = copies.filter((one) => one.kind !== 'second-box');
      return view();
    },
    tryRecovery: async () => tried,
    chooseBoxes: async () => ['E:\\tianye-5f1c09a2.box'],
    recover: async () => came,
  };
}
