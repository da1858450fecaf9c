// The shell behind the `Backend` interface. The only file that speaks to it.
import { commands, type Refusal as RefusalShape } from '../ipc/bindings';
import { Refusal, type Backend } from './backend';

type Reply<T> = { status: 'ok'; data: T } | { status: 'error'; error: RefusalShape };

/** What a command gave, or its refusal thrown. */
async function said<T>(reply: Promise<Reply<T>>): Promise<T> {
  const settled = await reply.catch((thrown: unknown) => {
    throw Refusal.from(thrown);
  });
  if (settled.status === 'ok') return settled.data;
  const { error } = settled;
  // Words instead of a refusal come from the bridge itself: a command that is not there, arguments that do not fit.
  throw typeof error === 'object' ? new Refusal(error) : Refusal.from(error);
}

export function shell(): Backend {
  return {
    start: () => said(commands.start()),
    createProject: (input, lang) => said(commands.createProject(input, lang)),
    openInvitation: () => said(commands.openInvitation()),
    readInvitation: (text) => said(commands.readInvitation(text)),
    requestJoin: (id, passphrase, device) => said(commands.requestJoin(id, passphrase, device)),
    joinState: (id) => said(commands.joinState(id)),
    unlock: (store, passphrase, lang) => said(commands.unlock(store, passphrase, lang)),
    lock: async () => void (await said(commands.lock())),
    home: (lang) => said(commands.home(lang)),
    startInterview: (input, lang) => said(commands.startInterview(input, lang)),
    openInterview: (id, lang) => said(commands.openInterview(id, lang)),
    correctInterview: (id, lang) => said(commands.correctInterview(id, lang)),
    previewMove: (id, lang) => said(commands.previewMove(id, lang)),
    moveInterview: (id, lang) => said(commands.moveInterview(id, lang)),
    takeMoveBack: (id, lang) => said(commands.takeMoveBack(id, lang)),
    answer: (input) => said(commands.answer(input)),
    giveNonAnswer: (field, nonAnswer) => said(commands.giveNonAnswer(field, nonAnswer)),
    confirm: (field, reason) => said(commands.confirm(field, reason)),
    setNote: (field, text) => said(commands.setNote(field, text)),
    addRow: (repeat) => said(commands.addRow(repeat)),
    removeRow: (row) => said(commands.removeRow(row)),
    move: (to) => said(commands.moveTo(to)),
    setFormLanguage: (index) => said(commands.setFormLanguage(index)),
    findQuestion: (text) => said(commands.findQuestion(text)),
    why: (field) => said(commands.why(field)),
    formMedia: (file) => said(commands.formMedia(file)),
    chooseFile: (field) => said(commands.chooseFile(field)),
    startRecording: (field) => said(commands.startRecording(field)),
    putPiece: async (recording, base64) => void (await said(commands.putPiece(recording, base64))),
    finishRecording: (field, recording) => said(commands.finishRecording(field, recording)),
    dropRecording: (recording) => said(commands.dropRecording(recording)),
    filePart: (interview, name, part) => said(commands.filePart(interview, name, part)),
    answerSoundWish: (field, agreed, note) => said(commands.answerSoundWish(field, agreed, note)),
    readCode: (frame) => said(commands.readCode(frame)),
    readCodeInPicture: () => said(commands.readCodeInPicture()),
    undo: () => said(commands.undo()),
    pauseInterview: (lang) => said(commands.pauseInterview(lang)),
    giveReason: (reason) => said(commands.giveReason(reason)),
    finalise: (lang) => said(commands.finalise(lang)),
    records: (lang) => said(commands.records(lang)),
    handOver: (interview, member, lang) => said(commands.handOver(interview, member, lang)),
    previewErasure: (interview, lang) => said(commands.previewErasure(interview, lang)),
    erase: (input) => said(commands.erase(input)),
    erasures: (lang) => said(commands.erasures(lang)),
    saveCertificate: (id, lang) => said(commands.saveCertificate(id, lang)),
    saveDrops: (exported) => said(commands.saveDrops(exported)),
    conflictCards: (lang) => said(commands.conflictCards(lang)),
    decidedCards: (lang) => said(commands.decidedCards(lang)),
    conflictsOf: (record, lang) => said(commands.conflictsOf(record, lang)),
    decided: (record, field, lang) => said(commands.decided(record, field, lang)),
    decide: (inputs, lang) => said(commands.decide(inputs, lang)),
    takeBackDecision: (input, lang) => said(commands.takeBackDecision(input, lang)),
    duplicates: (lang) => said(commands.duplicates(lang)),
    rulePair: (input, lang) => said(commands.rulePair(input, lang)),
    team: () => said(commands.team()),
    invite: (name, group, role) => said(commands.invite(name, group, role)),
    approve: (invitation) => said(commands.approve(invitation)),
    revoke: (input) => said(commands.revoke(input)),
    acceptLate: (certificate) => said(commands.acceptLate(certificate)),
    stopCarrying: () => said(commands.stopCarrying()),
    writeStick: () => said(commands.writeStick()),
    readStick: () => said(commands.readStick()),
    saveRequest: (id) => said(commands.saveRequest(id)),
    openAdmission: (id) => said(commands.openAdmission(id)),
    openRequest: () => said(commands.openRequest()),
    approveRequest: (code) => said(commands.approveRequest(code)),
    sync: () => said(commands.sync()),
    syncState: () => said(commands.syncState()),
    maps: () => said(commands.maps()),
    mapTile: (file, zoom, column, row) => said(commands.mapTile(file, zoom, column, row)),
    addMap: () => said(commands.addMap()),
    checkForm: () => said(commands.checkForm()),
    checkFormAgain: () => said(commands.checkFormAgain()),
    tryForm: () => said(commands.tryForm()),
    addForm: (lang) => said(commands.addForm(lang)),
    chooseImport: (folder, lang) => said(commands.chooseImport(folder, lang)),
    importRecords: (lang) => said(commands.importRecords(lang)),
    exportCsv: (input, lang) => said(commands.exportCsv(input, lang)),
  };
}
