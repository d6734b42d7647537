using DcpNas.Benchmarks;

DcpNas.Native.LibTorch.Load();
return args switch
{
    ["operators", .. var rest] => OperatorBenchmark.Run(rest),
    ["supernet", .. var rest] => SupernetBenchmark.Run(rest),
    ["network", .. var rest] => NetworkBenchmark.Run(rest),
    ["packed", .. var rest] => PackedModelFile.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: DcpNas.Benchmarks operators [--threads 1|2] [--repeats 15] [--filter text]");
    return 2;
}
