import { useFormat } from './format';

export function Size({ bytes }: { bytes: number | undefined }) {
  const format = useFormat();
  return (
    <span className="tabular" style={{ whiteSpace: 'nowrap' }}>
      {bytes === undefined ? '–' : format.bytes(bytes)}
    </span>
  );
}
