import { lazy, Suspense, type ReactNode } from 'react';

export interface FormDialogProps {
  title: string;
  submit: string;
  danger?: boolean;
  /** false: something is missing or wrong, which the fields say */
  ready?: boolean;
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

const FormDialogBox = lazy(() => import('./FormDialogBox').then((m) => ({ default: m.FormDialogBox })));

/** A dialog that changes something: stays open, with the server's words, when that is refused. Loaded when it opens. */
export function FormDialog(props: FormDialogProps) {
  return (
    <Suspense>
      <FormDialogBox {...props} />
    </Suspense>
  );
}
