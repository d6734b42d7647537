using DcpNas.Search;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Progress of a search on a terminal: a bar over the whole search, the newest figures below it, finished epochs above.</summary>
internal sealed class LiveDisplay(IAnsiConsole console) : ISearchDisplay
{
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Alarming = new(Color.Yellow);
    private readonly SearchStatus _status = new();
    private ProgressTask? _bar;

    /// <inheritdoc/>
    public void Run(Action search) => console.Progress()
        .AutoClear(true)
        .HideCompleted(false)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 40 }, new PercentageColumn(), new TimeColumn(_status))
        .UseRenderHook((bar, _) => new Rows(bar, Figures()))
        .Start(context =>
        {
            _bar = context.AddTask("search", maxValue: 1);
            search();
        });

    /// <inheritdoc/>
    public void Say(string text) => console.Write(new StandingLine(text, Style.Plain));

    /// <inheritdoc/>
    public void OnStart(SearchStart start)
    {
        _status.Begin(start);
        Say(SearchLines.Start(start));
    }

    /// <inheritdoc/>
    public void OnStep(SearchStep step)
    {
        _status.Add(step);
        _bar!.Value = _status.Fraction;
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochSummary epoch)
    {
        _status.Add(epoch);
        console.Write(new StandingLine(Epoch(epoch, _status.Start!.Epochs.Count), Quiet));
    }

    /// <inheritdoc/>
    public void OnEvent(int epoch, bool warning, string name, string text) =>
        console.Write(warning ? new StandingLine($"warning: {text}", Alarming) : new StandingLine(text, Style.Plain));

    private IRenderable Figures()
    {
        if (_status is not { Start: { } start, Step: { } step })
        {
            return new Text("preparing ...");
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn());
        var rounds = start.Options.Strategy is SearchStrategy.Dcp or SearchStrategy.Cp ? $"round {step.Epoch.Round + 1}/{start.Options.Rounds}, " : "";
        Row("phase", $"{rounds}{Phase(step.Epoch.Phase)}{(step.Epoch.StepsArchitecture ? "" : " (warm-up: alpha rests)")}, "
            + $"epoch {step.Epoch.Index + 1}/{start.Epochs.Count}, step {step.Step + 1}/{start.StepsPerEpoch}");
        var reconstruction = step.Weights.Reconstruction != 0 ? Text($", L_R {step.Weights.Reconstruction:0.0}") : "";
        Row("losses", Text($"weights {step.Weights.Loss:0.000}{reconstruction}") + (step.Architecture is { } alpha ? Text($", alpha {alpha.Loss:0.000}") : ""));
        if (_status.Tangent is { } tangent)
        {
            Row("tangents", Text($"D {tangent.Discrepancy:0.00e+0}, cosine of g_P and g_C {tangent.Cosine:0.000}"));
        }

        if (_status.Epoch is { } epoch)
        {
            var trained = epoch.Totals.Correct / (double)Math.Max(1, epoch.Totals.Images);
            Row("supernet", $"train {Share(trained)}, valid {Share(epoch.SupernetTop1)} top-1 ({Phase(epoch.Epoch.Phase)}, epoch {epoch.Epoch.Index + 1})");
            Row("alpha", Text($"entropy {epoch.Health.EntropyNormal:0.000} normal, {epoch.Health.EntropyReduction:0.000} reduction; skip {epoch.Health.SkipShare * 100:0} %, pool {epoch.Health.PoolShare * 100:0} % of the normal cell"));
        }

        Row("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory, {Text($"{_status.ImagesPerSecond:0.0}")} images/s");
        return grid;

        void Row(string name, string value) => grid.AddRow(new Text(name, Quiet), new Text(value));
    }

    private sealed class TimeColumn(SearchStatus status) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text($"{Duration(status.Elapsed.TotalSeconds)} spent, {status.TimeLeft} left");
    }
}
