// What somebody wrote, in words: a value, a non-answer, or nothing.
import { size } from './bytes';
import type { NonAnswer, WriteView } from './ipc/bindings';
import { t } from './strings/strings';

export function nonAnswerText(nonAnswer: NonAnswer): string {
  return nonAnswer === 'dontKnow' ? t('non-answer-dont-know') : t('non-answer-refused');
}

export function written(write: WriteView): string {
  if (write.nonAnswer) return nonAnswerText(write.nonAnswer);
  if (write.file) return t('file-kept', { kind: write.file.name.split('.').at(-1)?.toUpperCase() ?? '', size: size(write.file.length) });
  return write.value === '' ? t('answer-cleared') : write.display || write.value;
}
