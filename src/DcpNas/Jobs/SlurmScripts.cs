using System.Globalization;
using System.Text;

namespace DcpNas.Jobs;

/// <summary>The files by which a Slurm cluster does the jobs of a folder: an array for each wave of jobs, a job that collects, and a script that submits them.</summary>
/// <remarks>
/// A task gets USR1 two minutes before its time is up, passes it on, and asks to be queued again where its job says that it will go on
/// (<see cref="SlurmRequest.PausedCode"/>); so a job may take longer than a time limit. A task that dies is done again by submitting once more: finished jobs end at once.
/// </remarks>
public static class SlurmScripts
{
    /// <summary>The folder of the files within that of the jobs.</summary>
    public const string Folder = "slurm";

    /// <summary>The script that submits everything.</summary>
    public const string SubmitFile = "submit.sh";

    /// <summary>The files, by their names.</summary>
    /// <param name="request">What to write.</param>
    public static IReadOnlyDictionary<string, string> Of(SlurmRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var folder = Path.Combine(request.Folder, Folder);
        var submit = new StringBuilder("#!/bin/bash\n# Submits the jobs, wave by wave, and the job that collects their results. Run it again after failures: finished jobs end at once.\nset -euo pipefail\nafter=()\n");
        foreach (var (wave, number) in PendingJob.Waves(request.Jobs).Select((wave, index) => (wave, index + 1)))
        {
            var (list, script) = (Text($"jobs-{number}.tsv"), Text($"array-{number}.sbatch"));
            files[list] = string.Concat(wave.Select(job => job.Name + "\n"));
            files[script] = Header(request, Text($"{request.Name}-{number}"), folder, Text($"0-{wave.Count - 1}{(request.AtATime is { } most ? Text($"%{most}") : "")}"))
                + $"job=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" {Quote(Path.Combine(folder, list))})\n"
                + $"{string.Join(' ', request.Program.Select(Quote))} job {Quote(request.Folder)} \"$job\" --threads \"${{SLURM_CPUS_PER_TASK:-0}}\" &\n"
                + "worker=$!\ntrap 'kill -USR1 \"$worker\"' USR1\ntrap 'kill -TERM \"$worker\"' TERM\n"
                + "wait \"$worker\" && code=0 || code=$?\n"
                + "while kill -0 \"$worker\" 2> /dev/null; do wait \"$worker\" && code=0 || code=$?; done # a signal ends the first wait early\n"
                + Text($"if [ \"$code\" -eq {request.PausedCode} ]; then scontrol requeue \"${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}\"; fi\nexit \"$code\"\n");
            submit.Append($"id=$(sbatch --parsable \"${{after[@]}}\" {Quote(Path.Combine(folder, script))})\n")
                .Append(Text($"id=${{id%%;*}}\necho \"{wave.Count} jobs of wave {number}: $id\"\nafter=(--dependency=\"afterany:$id\")\n"));
        }

        files["collect.sbatch"] = Header(request, $"{request.Name}-collect", folder, array: null) + $"{string.Join(' ', request.Program.Select(Quote))} report {Quote(request.Folder)}\n";
        files[SubmitFile] = submit.Append($"id=$(sbatch --parsable \"${{after[@]}}\" {Quote(Path.Combine(folder, "collect.sbatch"))})\n").Append("echo \"report: ${id%%;*}\"\n").ToString();
        return files;
    }

    private static string Header(SlurmRequest request, string name, string folder, string? array)
    {
        List<string> options = [$"--job-name={name}", $"--output={Path.Combine(folder, array is null ? "%x-%j.log" : "%x-%A-%a.log")}", "--open-mode=append"];
        if (array is not null)
        {
            options.AddRange([$"--array={array}", "--requeue", "--signal=B:USR1@120"]);
        }

        return "#!/bin/bash\n" + string.Concat(options.Concat(request.Options).Select(option => $"#SBATCH {option}\n")) + $"cd {Quote(request.WorkingFolder)} || exit 2\n";
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a cluster is to do.</summary>
/// <param name="Name">What the jobs are called in the queue.</param>
/// <param name="Folder">The folder of the comparison or population, absolute.</param>
/// <param name="WorkingFolder">The folder that relative paths of the options begin in.</param>
/// <param name="Program">The command that starts this program.</param>
/// <param name="Jobs">The jobs.</param>
/// <param name="AtATime">How many tasks of an array may run at the same time; null: as many as the cluster has room for.</param>
/// <param name="Options">Further options of sbatch, as <c>--partition=gpu</c>.</param>
/// <param name="PausedCode">The exit code of a job that has stopped at SIGUSR1 with a checkpoint.</param>
public sealed record SlurmRequest(
    string Name, string Folder, string WorkingFolder, IReadOnlyList<string> Program, IReadOnlyList<PendingJob> Jobs, int? AtATime, IReadOnlyList<string> Options, int PausedCode);
