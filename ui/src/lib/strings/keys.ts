export type Value = string | number;
export interface Messages {}
export type Key = keyof Messages;
