using System.Diagnostics;
using DcpNas.Jobs;

namespace DcpNas.Cli.Jobs;

/// <summary>Starts <c>dcpnas job</c> for each job of a folder.</summary>
/// <remarks>
/// A worker listens at its standard input: the word stop, or its end because this process is gone, makes it stop after a checkpoint. Signals of the terminal
/// do not reach its decision, so that a second Ctrl+C is not counted twice. What it writes to stderr is added to <c>worker.log</c> in the folder of its job.
/// </remarks>
/// <param name="folder">The folder of the comparison, population or selection.</param>
/// <param name="workers">How many at a time, and where.</param>
/// <param name="jobs">The folder in it that has one of each job's name.</param>
internal sealed class WorkerProcesses(string folder, WorkerOptions workers, string jobs = JobFiles.Folder) : IJobProcesses
{
    private const int RememberedLines = 5;

    /// <summary>The command that starts this program again.</summary>
    public static string[] Program { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet"
        ? [Environment.ProcessPath!, "exec", Path.GetFullPath(Environment.GetCommandLineArgs()[0])]
        : [Environment.ProcessPath!];

    /// <inheritdoc/>
    public int Places => workers.Jobs;

    /// <inheritdoc/>
    public IJobProcess Start(string job, int place, Action<JobEvent> tell) => new Worker(job, StartInfo(job, place), Path.Combine(folder, jobs, job), tell);

    private ProcessStartInfo StartInfo(string job, int place)
    {
        var start = new ProcessStartInfo
        {
            FileName = Program[0],
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])[.. Program[1..], "job", folder, job, "--threads", $"{workers.ThreadsPerJob}", $"--{Commands.JobCommand.Supervised}"])
        {
            start.ArgumentList.Add(argument);
        }

        if (workers.Gpus.Count > 0)
        {
            start.Environment["CUDA_VISIBLE_DEVICES"] = workers.Gpus[place % workers.Gpus.Count];
        }

        return start;
    }

    private sealed class Worker : IJobProcess
    {
        private readonly Process _process;
        private readonly Lock _input = new();

        public Worker(string job, ProcessStartInfo start, string folder, Action<JobEvent> tell)
        {
            Directory.CreateDirectory(folder);
            _process = new Process { StartInfo = start };
            _process.Start();
            var reader = new Thread(() => Listen(job, folder, tell)) { IsBackground = true, Name = $"worker {job}" };
            reader.Start();
        }

        public void Stop()
        {
            lock (_input)
            {
                try
                {
                    _process.StandardInput.WriteLine("stop");
                    _process.StandardInput.Flush();
                }
                catch (Exception error) when (error is IOException or InvalidOperationException or ObjectDisposedException)
                {
                    // It has ended already.
                }
            }
        }

        public void Dispose()
        {
            lock (_input)
            {
                _process.Dispose();
            }
        }

        private void Listen(string job, string folder, Action<JobEvent> tell)
        {
            var last = new Queue<string>();
            var log = new Thread(() => CopyMessages(folder, last)) { IsBackground = true, Name = $"messages of {job}" };
            log.Start();
            while (_process.StandardOutput.ReadLine() is { } line)
            {
                if (WorkerEvents.Read(job, line) is { } happened)
                {
                    tell(happened);
                }
            }

            log.Join();
            _process.WaitForExit();
            tell(new JobEnded(job, _process.ExitCode, string.Join(" | ", last)));
        }

        private void CopyMessages(string folder, Queue<string> last)
        {
            while (_process.StandardError.ReadLine() is { } line)
            {
                File.AppendAllText(Path.Combine(folder, JobFiles.Log), line + "\n");
                last.Enqueue(line);
                if (last.Count > RememberedLines)
                {
                    last.Dequeue();
                }
            }
        }
    }
}
