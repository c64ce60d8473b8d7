import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Props = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'style' | 'color'> & { ref?: Ref<HTMLAnchorElement> };

/** A link inside the portal that looks like a button: it goes somewhere and changes nothing. */
export const ButtonLink = createLink(function RouterButton(props: Props) {
  return <Button component="a" {...props} />;
});
