import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { FileIcon, FolderIcon } from '@/ui/icons';
import { Size } from '@/ui/Size';
import { filesQuery, type ContentFile } from './api';
import { ContentPanel } from './ContentPanel';
import classes from './Artifact.module.css';

/** What is inside of a chart or a model. Folders open by a click; the first ones are open. */
export function Files({ place, digest }: { place: Place; digest: string }) {
  const { t } = useTranslation();
  const files = useQuery(filesQuery(place, digest));
  return (
    <ContentPanel title={t('artifacts.tabs.files')} query={files} isEmpty={(list) => list.length === 0} flush>
      {(list) => <Level files={list} depth={0} />}
    </ContentPanel>
  );
}

function Level({ files, depth }: { files: readonly ContentFile[]; depth: number }) {
  return (
    <ul className={classes.files}>
      {files.map((file, index) => (
        <li key={`${file.name} ${index}`}>{file.type === 'directory' ? <Folder folder={file} depth={depth} /> : <Line file={file} depth={depth} />}</li>
      ))}
    </ul>
  );
}

function Folder({ folder, depth }: { folder: ContentFile; depth: number }) {
  return (
    <details open={depth < 2}>
      <summary className={classes.file} style={{ paddingLeft: indent(depth) }}>
        <FolderIcon size={16} stroke={1.6} aria-hidden />
        <span>{folder.name}</span>
      </summary>
      <Level files={folder.children ?? []} depth={depth + 1} />
    </details>
  );
}

function Line({ file, depth }: { file: ContentFile; depth: number }) {
  return (
    <div className={classes.file} style={{ paddingLeft: indent(depth) }}>
      <FileIcon size={16} stroke={1.6} aria-hidden />
      <span>{file.name}</span>
      <Size bytes={file.size ?? 0} />
    </div>
  );
}

const indent = (depth: number) => 20 + depth * 20;
