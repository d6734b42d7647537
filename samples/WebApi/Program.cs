using DcpNas.Runtime;
using WebApi;

const int MostBytes = 20_000_000;
const long DefaultMostPixels = 50_000_000; // 200 MB decoded

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = MostBytes);
var path = builder.Configuration["Model"];
if (string.IsNullOrEmpty(path))
{
    Console.Error.WriteLine("usage: WebApi --Model FILE [--MaxPixels N] [--urls http://localhost:5000]");
    return 2;
}

PackedModel model;
try
{
    model = PackedModel.Load(path);
    _ = model.Graph.Input.Channels == 3 && model.Info.Preprocessing is not null
        ? model
        : throw new PackedModelException($"{path}: the model must read red, green and blue pixels.");
}
catch (Exception error) when (error is PackedModelException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

var mostPixels = builder.Configuration.GetValue("MaxPixels", DefaultMostPixels);

// One runner per processor with one thread each: requests wait for a free one instead of slowing each other down.
builder.Services.AddSingleton(_ => new PackedRunnerPool(model));
var app = builder.Build();

app.MapPost("/classify", async (HttpRequest request, PackedRunnerPool pool, int? top, CancellationToken cancel) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, cancel);
    using var lease = await pool.RentAsync(cancel); // before decoding, which takes more memory than the network: as many images at a time as there are runners
    if (Photo.Decode(body.ToArray(), pool.Model, mostPixels) is not { } pixels)
    {
        return Results.BadRequest(new { error = $"The body must be a JPEG, PNG, WebP or BMP image of at most {mostPixels} pixels." });
    }

    lease.Runner.Run(pixels);
    var best = new Prediction[Math.Clamp(top ?? 5, 1, 100)];
    var count = lease.Runner.TopClasses(image: 0, best);
    return Results.Ok(best.Take(count).Select(prediction => new { label = prediction.Label, probability = prediction.Probability }));
});

app.Run();
return 0;
