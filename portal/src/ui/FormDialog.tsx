import { lazy, Suspense, type ReactNode } from 'react';

export interface FormDialogProps {
  title: string;
  submit: string;
  danger?: boolean;
  /** false: something is missing or wrong, which the fields say */
  ready?: boolean;
  /** the box's width, for forms that need more than a column */
  size?: string;
  /** holds work that a stray click must not throw away */
  careful?: boolean;
  /** brings the new state when somebody else has changed the thing meanwhile */
  onReload?: () => void;
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
