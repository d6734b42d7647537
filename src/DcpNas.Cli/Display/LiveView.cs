using Spectre.Console;
using Spectre.Console.Rendering;

namespace DcpNas.Cli.Display;

/// <summary>Progress on a terminal: a bar over the whole work, the newest figures below it, lines that stay above.</summary>
internal sealed class LiveView(IAnsiConsole console) : IProgressView
{
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Alarming = new(Color.Yellow);
    private ProgressTask? _bar;
    private volatile IProgressStatus? _status;

    /// <inheritdoc/>
    public void Run(string name, Action work) => console.Progress()
        .AutoClear(true)
        .HideCompleted(false)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 40 }, new PercentageColumn(), new TimeColumn(this))
        .UseRenderHook((bar, _) => new Rows(bar, Figures()))
        .Start(context =>
        {
            _bar = context.AddTask(name, maxValue: 1);
            work();
        });

    /// <inheritdoc/>
    public void Say(string text, Tone tone) =>
        console.Write(new StandingLine(text, tone switch { Tone.Quiet => Quiet, Tone.Alarming => Alarming, _ => Style.Plain }));

    /// <inheritdoc/>
    public void Update(IProgressStatus status)
    {
        _status = status;
        _bar!.Value = status.Fraction;
    }

    private IRenderable Figures()
    {
        if (_status is not { } status)
        {
            return new Text("preparing ...");
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn());
        foreach (var (name, value) in status.Figures())
        {
            grid.AddRow(new Text(name, Quiet), new Text(value));
        }

        return grid;
    }

    private sealed class TimeColumn(LiveView view) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(view._status is { } status ? $"{Words.Duration(status.Elapsed.TotalSeconds)} spent, {status.TimeLeft} left" : "");
    }
}
