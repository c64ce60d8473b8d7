import { lazy, Suspense } from 'react';
import type { FormDialogProps } from './FormDialogBox';

const FormDialogBox = lazy(() => import('./FormDialogBox').then((m) => ({ default: m.FormDialogBox })));

/** A dialog that changes something: stays open, with the server's words, when that is refused. Loaded when it opens. */
export function FormDialog(props: FormDialogProps) {
  return (
    <Suspense>
      <FormDialogBox {...props} />
    </Suspense>
  );
}
