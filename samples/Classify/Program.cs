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
    var preparer = new ImagePreparer(model); // scales and cuts as the training did
    using var runner = new PackedRunner(model); // keep it: later calls allocate nothing

    var image = Ppm.Read(args[1]);
    runner.Run(preparer.Prepare(new DecodedImage(image.Pixels, image.Width, image.Height, image.Format)));

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
