using System.Text.Json;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>
/// OpenAI's moderation: a category is flagged when the input says <c>flag:CATEGORY</c>, for example <c>flag:violence/graphic</c>. It takes one image at a time.
/// </summary>
public static class AnswerModerations
{
    private const int MostImages = 1;

    private static readonly OpenAiDialect Dialect = new();

    private static readonly string[] Categories =
    [
        "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm", "self-harm/intent",
        "self-harm/instructions", "sexual", "sexual/minors", "violence", "violence/graphic",
    ];

    private static readonly string[] SeenInImages = ["self-harm", "self-harm/intent", "self-harm/instructions", "sexual", "violence", "violence/graphic"];

    public static void MapAnswerModerations(this IEndpointRouteBuilder routes) => routes.MapPost("/v1/moderations", Handle);

    private static Task<IResult> Handle(HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Dialect, null, async call =>
    {
        var input = call.Body.Find("input") ?? throw new RequestRefusedException("Missing required parameter: 'input'.") { Param = "input" };
        var inputs = InputsOf(input);
        if (await call.BehaveAsync() is { } failure) return failure;

        return await call.AnswerAsync(SandboxJson.Bytes(new
        {
            id = $"modr-{Guid.CreateVersion7():N}",
            model = call.Model.Name.Length == 0 ? "omni-moderation-latest" : call.Model.Name,
            results = inputs.Select(Judge).ToArray(),
        }));
    });

    /// <summary>Parts are one input together, strings are one each.</summary>
    private static (string Text, string Images)[] InputsOf(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String) return [(input.GetString()!, "")];
        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0) throw new RequestRefusedException("'$.input' is invalid.") { Param = "input" };
        if (input[0].ValueKind == JsonValueKind.String) return [.. input.EnumerateArray().Select(text => (text.GetString() ?? "", ""))];

        var parts = input.EnumerateArray().ToArray();
        if (parts.Any(part => part.FindText("type") is not ("text" or "image_url"))) throw new RequestRefusedException("'$.input' is invalid.") { Param = "input" };

        var images = parts.Count(part => part.FindText("type") == "image_url");
        if (images > MostImages) throw new RequestRefusedException($"Number of images ({images}) exceeds maximum of {MostImages}") { Param = "input", Code = "too_many_images" };
        return [(string.Join('\n', parts.Select(part => part.FindText("text"))), string.Join('\n', parts.Select(part => part.Find("image_url")?.FindText("url"))))];
    }

    private static object Judge((string Text, string Images) input)
    {
        var found = Categories.ToDictionary(category => category, category =>
            (Text: Says(input.Text, category), Image: SeenInImages.Contains(category) && Says(input.Images, category)));
        var hasImages = input.Images.Trim().Length > 0;
        return new
        {
            flagged = found.Values.Any(hit => hit.Text || hit.Image),
            categories = found.ToDictionary(hit => hit.Key, hit => hit.Value.Text || hit.Value.Image),
            category_scores = found.ToDictionary(hit => hit.Key, hit => hit.Value.Text || hit.Value.Image ? 0.97 : 0.01),
            category_applied_input_types = Categories.ToDictionary(category => category, category =>
                (string[])(hasImages && SeenInImages.Contains(category) ? ["text", "image"] : ["text"])),
        };
    }

    private static bool Says(string text, string category)
    {
        var mark = $"flag:{category}";
        for (var at = text.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(mark, at + 1, StringComparison.Ordinal))
        {
            var after = at + mark.Length;
            if (after == text.Length || !(char.IsAsciiLetter(text[after]) || text[after] is '/' or '-')) return true;
        }

        return false;
    }
}
