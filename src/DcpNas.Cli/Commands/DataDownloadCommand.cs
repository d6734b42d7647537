using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Data;
using Spectre.Console;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas data download</c>: fetches the official files of a data set.</summary>
internal static class DataDownloadCommand
{
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(30);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = string.Join(", ", DatasetSource.Names), HelpName = "NAME" };
        var data = new Option<string>("--data") { Description = "Folder for the data (default .data)", HelpName = "DIR", DefaultValueFactory = _ => DatasetCatalog.DefaultFolder };
        var command = new Command("download", "Download a data set and check its checksum; continues what an earlier attempt left.") { name, data };
        command.SetAction(parsed =>
        {
            var source = DatasetSource.For(parsed.GetRequiredValue(name));
            using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping; what has arrived is kept. Run the command again to continue."));
            using var client = new HttpClient { Timeout = FirstAnswer };
            var folder = Download(new DatasetDownloader(client), source, parsed.GetRequiredValue(data), interruption.Token);
            Terminal.Print(folder);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Download(DatasetDownloader downloader, DatasetSource source, string folder, CancellationToken cancel)
    {
        if (!Terminal.IsLive)
        {
            var announced = new Announcer();
            return downloader.DownloadAsync(source, folder, announced, cancel).GetAwaiter().GetResult();
        }

        return Terminal.Messages.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .Start(context => downloader.DownloadAsync(source, folder, new Bars(context), cancel).GetAwaiter().GetResult());
    }

    /// <summary>One bar per file.</summary>
    private sealed class Bars(ProgressContext context) : IProgress<DownloadProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(DownloadProgress value)
        {
            if (!_tasks.TryGetValue(value.File, out var task))
            {
                _tasks[value.File] = task = context.AddTask(Markup.Escape(value.File));
            }

            task.IsIndeterminate = value.TotalBytes is null;
            task.MaxValue = value.TotalBytes ?? Math.Max(1, value.ReceivedBytes);
            task.Value = value.ReceivedBytes;
        }
    }

    /// <summary>One line when a file begins.</summary>
    private sealed class Announcer : IProgress<DownloadProgress>
    {
        private string? _file;

        public void Report(DownloadProgress value)
        {
            if (value.File != _file)
            {
                _file = value.File;
                Console.Error.WriteLine($"{value.File} ({(value.TotalBytes is { } total ? Words.Bytes(total) : "unknown size")}) ...");
            }
        }
    }
}
