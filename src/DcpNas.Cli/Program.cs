using DcpNas.Search;
var watch = System.Diagnostics.Stopwatch.StartNew();
var options = SearchOptions.FromJson(args[1], "args");
SearchRun.Execute(options, args[0], "cmd", new Printer(), Console.Error.WriteLine, default);
Console.WriteLine($"total {watch.Elapsed}");
internal sealed class Printer : ISearchObserver
{
    public void OnStep(SearchStep s) { if (s.Step % 1 == 0) { Console.WriteLine($"e{s.Epoch.Index} {s.Epoch.Phase} s{s.Step} w {s.Weights.Loss:f3} {s.WeightSeconds:f2}s LR {s.Weights.Reconstruction:f1} a {s.Architecture?.Loss:f3} {s.ArchitectureSeconds:f2}s D {s.Architecture?.Child?.Discrepancy:g3} cos {s.Architecture?.Child?.Cosine:f3}"); } }
    public void OnEpoch(EpochSummary e) => Console.WriteLine($"== epoch {e.Epoch.Index} {e.Epoch.Phase} supernet train {e.Totals.Correct / (double)e.Totals.Images:p1} valid {e.SupernetTop1:p1} ops {e.ExpectedOps / 1e6:f1}M {e.Health.Genotype} mem {DcpNas.ProcessMemory.PeakMegabytes():f0}");
    public void OnEvent(int epoch, bool warning, string name, string text) => Console.WriteLine($"!! {name}: {text}");
}
