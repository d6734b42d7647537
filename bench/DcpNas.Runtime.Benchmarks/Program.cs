using BenchmarkDotNet.Running;
using DcpNas.Runtime.Benchmarks;

if (args is not ["--quick", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(LayerBenchmark).Assembly).Run(args);
    return 0;
}

var filter = args.Length > 1 ? args[1] : "";
var rounds = 25;
if (args.Length > 3 || (args.Length == 3 && (!int.TryParse(args[2], out rounds) || rounds < 1)))
{
    Console.Error.WriteLine("usage: DcpNas.Runtime.Benchmarks --quick [text in the name] [rounds, 25]\n       DcpNas.Runtime.Benchmarks [arguments of BenchmarkDotNet]");
    return 2;
}

return QuickRun.Run(filter, rounds);
