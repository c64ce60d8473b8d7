import { Alert, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Robot } from '@/api/types';
import type { Permission } from '@/lib/permissions';
import { isProjectName } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';
import type { Catalogue, RobotDraft } from './api';
import { DurationInput } from './DurationInput';
import { isDuration } from './expiry';
import { accessOf, idOf, inProjects, inSystem, presetOf, type Grant } from './grants';
import { PermissionMatrix } from './PermissionMatrix';
import { PresetCards, type Choice } from './PresetCards';
import { ProjectChoice } from './ProjectChoice';

interface Props {
  catalogue: Catalogue;
  /** the project whose robot it is; none: the system's */
  project?: string | undefined;
  /** the one that is edited; none: a new one */
  robot?: Robot | undefined;
  now: number;
  mayGive: (permission: Permission) => boolean;
  onSubmit: (draft: RobotDraft) => Promise<unknown>;
  onReload?: () => void;
  onClose: () => void;
}

const usualDuration = 90;

export function RobotForm({ catalogue, project, robot, now, mayGive, onSubmit, onReload, onClose }: Props) {
  const { t } = useTranslation();
  const groups = inProjects(robot?.permissions ?? []);
  const mixed = groups.length > 1;
  const [name, setName] = useState('');
  const [description, setDescription] = useState(robot?.description ?? '');
  const [duration, setDuration] = useState(robot?.duration ?? usualDuration);
  const [choice, setChoice] = useState<Choice>(() => (robot ? (presetOf(groups[0]?.access ?? [], catalogue.project) ?? 'custom') : 'push'));
  const [chosen, setChosen] = useState(() => new Set(groups[0]?.access.map(idOf)) as ReadonlySet<string>);
  const [chosenInSystem, setChosenInSystem] = useState(() => new Set(inSystem(robot?.permissions ?? []).map(idOf)) as ReadonlySet<string>);
  const [everywhere, setEverywhere] = useState(() => groups[0]?.namespaces.includes('*') ?? false);
  const [projects, setProjects] = useState(() => groups[0]?.namespaces.filter((namespace) => namespace !== '*') ?? []);

  const access = choice === 'custom' ? catalogue.project.filter((permission) => chosen.has(idOf(permission))) : accessOf(choice, catalogue.project).filter(mayGive);
  const grants = mixed ? (robot?.permissions ?? []) : grantsOf();
  const ready = (robot !== undefined || isProjectName(name)) && isDuration(duration) && grants.length > 0;

  function grantsOf(): Grant[] {
    const namespaces = project !== undefined ? [project] : everywhere ? ['*'] : projects;
    const system = catalogue.system.filter((permission) => chosenInSystem.has(idOf(permission)));
    return [
      ...(access.length > 0 ? namespaces.map((namespace) => ({ kind: 'project', namespace, access })) : []),
      ...(system.length > 0 ? [{ kind: 'system', namespace: '/', access: system }] : []),
    ];
  }
  function choose(next: Choice) {
    if (next === 'custom') setChosen(new Set(access.map(idOf)));
    setChoice(next);
  }
  return (
    <FormDialog
      title={robot ? t('robots.editTitle', { name: robot.name }) : t('robots.create')}
      submit={robot ? t('common.save') : t('robots.createAndShow')}
      size="xl"
      careful
      ready={ready}
      {...(onReload ? { onReload } : {})}
      onSubmit={() => onSubmit({ name, description: description.trim(), duration, permissions: grants })}
      onClose={onClose}
    >
      {!robot && (
        <TextInput
          data-autofocus
          required
          label={t('robots.name')}
          description={t('robots.nameRule', { name: `robot$${project === undefined ? '' : `${project}+`}${name || '…'}` })}
          error={name !== '' && !isProjectName(name) && t('robots.nameBad')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
        />
      )}
      <TextInput label={t('robots.description')} description={t('robots.descriptionText')} value={description} onChange={(event) => setDescription(event.currentTarget.value)} maxLength={1000} />
      <DurationInput duration={duration} from={robot ? Date.parse(robot.creation_time) : now} onChange={setDuration} />
      {mixed ? (
        <Alert color="amber">{t('robots.mixed')}</Alert>
      ) : (
        <>
          {project === undefined && <ProjectChoice everywhere={everywhere} projects={projects} onEverywhere={setEverywhere} onProjects={setProjects} />}
          <Stack gap={6}>
            <Text size="sm" fw={600}>
              {t('robots.can')}
            </Text>
            <PresetCards choice={choice} onChoose={choose} />
            {choice === 'custom' && <PermissionMatrix label={t('robots.permissions')} catalogue={catalogue.project} chosen={chosen} mayGive={mayGive} onChange={setChosen} />}
          </Stack>
          {project === undefined && <SystemPermissions catalogue={catalogue.system} chosen={chosenInSystem} mayGive={mayGive} onChange={setChosenInSystem} />}
        </>
      )}
    </FormDialog>
  );
}

interface SystemProps {
  catalogue: readonly Permission[];
  chosen: ReadonlySet<string>;
  mayGive: (permission: Permission) => boolean;
  onChange: (chosen: ReadonlySet<string>) => void;
}

function SystemPermissions(props: SystemProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(props.chosen.size > 0);
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t('robots.system')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('robots.systemText')}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label={t('robots.system')}
        value={shown ? 'some' : 'none'}
        onChange={(value) => {
          setShown(value === 'some');
          if (value === 'none') props.onChange(new Set());
        }}
        data={[
          { value: 'none', label: t('robots.nothing') },
          { value: 'some', label: t('robots.byHand') },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {shown && <PermissionMatrix {...props} label={t('robots.system')} />}
    </Stack>
  );
}
