#!/usr/bin/env bash
# Runs a comparison as Slurm arrays on a cluster of this one machine, disturbs its tasks at random, and demands the table of an undisturbed local run.
# Then runs eng/test-mpi.sh. Installs (Debian, root) and starts munge, Slurm, Open MPI and MPICH where they are missing; everything that it starts it ends. About three quarters of
# an hour on two cores.
#   eng/test-cluster.sh [SIGNALS]     how many signals are sent (default 30)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
signals=${1:-30}
[[ $signals =~ ^[0-9]+$ ]] || { echo "test-cluster.sh: SIGNALS must be a whole number, got '$signals'." >&2; exit 2; }
[[ $(id -u) == 0 ]] || { echo "test-cluster.sh: starts the daemons of a cluster, which needs root." >&2; exit 2; }

if ! command -v slurmctld > /dev/null || ! command -v munged > /dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurm-wlm munge > /dev/null
fi

work=$(mktemp -d)
host=$(hostname -s)
export SLURM_CONF=$work/slurm.conf
stop() {
    scancel --user=root 2> /dev/null || true
    for name in slurmd slurmctld; do [[ ! -f $work/$name.pid ]] || kill "$(cat "$work/$name.pid")" 2> /dev/null || true; done
    [[ -z ${munge:-} ]] || kill "$munge" 2> /dev/null || true
    for _ in {1..50}; do pgrep -F "$work/slurmctld.pid" > /dev/null 2>&1 || pgrep -F "$work/slurmd.pid" > /dev/null 2>&1 || break; sleep 0.2; done
    rm -rf "$work"
}
trap stop EXIT

mkdir -p "$work/state" "$work/spool" /run/munge
chown munge: /run/munge
if ! munge -n > /dev/null 2>&1; then
    [[ -f /etc/munge/munge.key ]] || { dd if=/dev/urandom bs=1 count=1024 2> /dev/null > /etc/munge/munge.key; chown munge: /etc/munge/munge.key; chmod 400 /etc/munge/munge.key; }
    runuser -u munge -- munged --foreground > "$work/munged.log" 2>&1 &
    munge=$!
    for _ in {1..50}; do munge -n > /dev/null 2>&1 && break; sleep 0.1; done
fi

cat > "$SLURM_CONF" << CONF
ClusterName=dcpnas
SlurmctldHost=$host
SlurmUser=root
AuthType=auth/munge
AuthInfo=cred_expire=5
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=1,sched_min_interval=100000
JobRequeue=1
KillWait=5
ReturnToService=2
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
NodeName=$host CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld && slurmd
for _ in {1..100}; do [[ $(sinfo -h -o %T 2> /dev/null) == idle* ]] && break; sleep 0.2; done
[[ $(sinfo -h -o %T) == idle* ]] || { echo "test-cluster.sh: the node is not idle:" >&2; sinfo >&2; tail -5 "$work"/slurm*.log >&2; exit 1; }

# Every column of every training but those of time.
table() { python3 - "$1/compare.csv" << 'PY'
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    print(*(value for key, value in row.items() if "seconds" not in key), sep="\t")
PY
}

cd "$work"
options=(--config "$root/configs/compare-synthetic.json" --strategies dcp,direct,random --seeds 0,1,2,3 --set search.epochs=4 --set train.train_images=160 --set train.epochs=10) # some 10 s each
"$root/dcpnas" compare "${options[@]}" --run local > local.log 2>&1
"$root/dcpnas" compare "${options[@]}" --run cluster --slurm --jobs 2

RANDOM=1
sent=0 rounds=0
unfinished() { "$root/dcpnas" report cluster 2> report.log > /dev/null || { cat report.log >&2; exit 1; }; sed -n 's/^not finished: //p' report.log; }
while left=$(unfinished) && [[ -n $left ]]; do
    rounds=$((rounds + 1))
    (( rounds <= 20 )) || { echo "test-cluster.sh: still not finished after 20 rounds: $left" >&2; exit 1; }
    bash cluster/slurm/submit.sh
    while [[ -n $(squeue -h) ]]; do
        sleep $((RANDOM % 2 + 1))
        mapfile -t running < <(squeue -h -t RUNNING -o %A -n dcpnas-compare-1)
        if (( sent < signals && ${#running[@]} > 0 )); then
            task=${running[RANDOM % ${#running[@]}]}
            case $((RANDOM % 4)) in
                0) scancel --signal=USR1 --batch "$task" ;;
                1) scancel --signal=TERM --full "$task" ;;
                2) scancel --signal=KILL --full "$task" ;;
                3) scontrol requeue "$task" ;;
            esac 2> /dev/null && sent=$((sent + 1)) || true
        fi
    done
done

"$root/dcpnas" report cluster > /dev/null
diff <(table local) <(table cluster) || { echo "test-cluster.sh: the table of the cluster differs from the local one." >&2; exit 1; }
echo "12 jobs, $sent signals, $rounds submissions: the table of the cluster equals the local one."

"$root/eng/test-mpi.sh"
