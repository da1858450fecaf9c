// The shell behind the `Backend` interface. The only file that speaks to it.
import { invoke } from '@tauri-apps/api/core';
import type { Refusal as RefusalShape } from '../ipc/types';
import { Refusal, type Backend } from './backend';

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw isRefusal(thrown) ? new Refusal(thrown) : Refusal.from(thrown);
  }
}

function isRefusal(thrown: unknown): thrown is RefusalShape {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'args' in thrown;
}

export function shell(): Backend {
  return {
    start: (lang) => call('start', { lang }),
    createProject: (input, lang) => call('create_project', { input, lang }),
    openInvitation: () => call('open_invitation'),
    readInvitation: (text) => call('read_invitation', { text }),
    requestJoin: (id, passphrase, device) => call('request_join', { id, passphrase, device }),
    joinState: (id) => call('join_state', { id }),
    unlock: (store, passphrase, lang) => call('unlock', { store, passphrase, lang }),
    lock: () => call('lock'),
    home: (lang) => call('home', { lang }),
    startInterview: (input, lang) => call('start_interview', { input, lang }),
    openInterview: (id, lang) => call('open_interview', { id, lang }),
    correctInterview: (id, lang) => call('correct_interview', { id, lang }),
    answer: (input) => call('answer', { input }),
    setNote: (field, text) => call('set_note', { field, text }),
    addRow: (repeat) => call('add_row', { repeat }),
    removeRow: (row) => call('remove_row', { row }),
    move: (to) => call('move_to', { to }),
    setFormLanguage: (index) => call('set_form_language', { index }),
    findQuestion: (text) => call('find_question', { text }),
    undo: () => call('undo'),
    pauseInterview: (lang) => call('pause_interview', { lang }),
    finalise: (lang) => call('finalise', { lang }),
    records: (lang) => call('records', { lang }),
    handOver: (interview, member) => call('hand_over', { interview, member }),
    conflicts: (lang) => call('conflicts', { lang }),
    decide: (input, lang) => call('decide', { input, lang }),
    team: () => call('team'),
    invite: (name, group, role) => call('invite', { name, group, role }),
    approve: (invitation) => call('approve', { invitation }),
    sync: (lang) => call('sync', { lang }),
    syncState: () => call('sync_state'),
    checkForm: () => call('check_form'),
    addForm: (lang) => call('add_form', { lang }),
    exportCsv: (input) => call('export_csv', { input }),
  };
}
