using DcpNas.Runtime;
using DcpNas.Runtime.Model;
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
ImagePreparer preparer;
try
{
    model = PackedModel.Load(path);
    preparer = new ImagePreparer(model);
    if (model.Graph.Outputs.All(output => output.Name != GraphOutput.Logits))
    {
        throw new PackedModelException($"{path}: the model is no classifier.");
    }
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

app.MapGet("/health", (PackedRunnerPool pool) => Results.Ok(new { status = "ok", classes = pool.Model.Info.Classes.Count, runners = pool.Capacity }));

app.MapPost("/classify", async (HttpRequest request, PackedRunnerPool pool, int? top, CancellationToken cancel) =>
{
    byte[] bytes;
    try
    {
        (bytes, var problem) = await Upload.ReadAsync(request, cancel);
        if (problem is not null)
        {
            return Results.BadRequest(new { error = problem });
        }
    }
    catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
    {
        return Results.Json(new { error = $"The request must have at most {MostBytes} bytes." }, statusCode: error.StatusCode);
    }

    using var lease = await pool.RentAsync(cancel); // before decoding, which takes more memory than the network: as many images at a time as there are runners
    if (Photo.Decode(bytes, preparer, mostPixels) is not { } pixels)
    {
        return Results.BadRequest(new { error = $"The request must hold a JPEG, PNG, WebP or BMP image of at most {mostPixels} pixels." });
    }

    lease.Runner.Run(pixels);
    var best = new Prediction[Math.Clamp(top ?? 5, 1, 100)];
    var count = lease.Runner.TopClasses(image: 0, best);
    return Results.Ok(best.Take(count).Select(prediction => new { label = prediction.Label, probability = prediction.Probability }));
});

app.Run();
return 0;
