// What somebody wrote, in words: a value, a non-answer, or nothing.
import type { NonAnswer, WriteView } from './ipc/bindings';
import { t } from './strings/strings';

export function nonAnswerText(nonAnswer: NonAnswer): string {
  return nonAnswer === 'dontKnow' ? t('non-answer-dont-know') : t('non-answer-refused');
}

export function written(write: WriteView): string {
  if (write.nonAnswer) return nonAnswerText(write.nonAnswer);
  return write.value === '' ? t('answer-cleared') : write.display || write.value;
}
