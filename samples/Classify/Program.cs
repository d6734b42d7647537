using Classify;
using DcpNas.Runtime;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: Classify MODEL IMAGE.ppm");
    return 2;
}

try
{
    var model = PackedModel.Load(args[0]);
    var (height, width) = (model.Graph.Input.Height, model.Graph.Input.Width);
    var pixels = Ppm.Read(args[1], height, width); // red, green, blue of every pixel, row by row

    using var runner = new PackedRunner(model); // keep it: later calls allocate nothing
    runner.Run(pixels);

    var best = new Prediction[5];
    var count = runner.TopClasses(image: 0, best);
    foreach (var prediction in best.AsSpan(0, count))
    {
        Console.WriteLine($"{prediction.Probability,8:P2}  {prediction.Label}");
    }

    return 0;
}
catch (Exception error) when (error is PackedModelException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
