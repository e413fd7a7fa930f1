using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>OpenAI's legacy completions route.</summary>
public static class AnswerCompletions
{
    private static readonly CompletionsFormat Format = new(new OpenAiDialect(), ChatFamily.OpenAi);

    public static void MapAnswerCompletions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/completions", (HttpContext http, ChatAnswers answers) => answers.HandleAsync(http, Format));
}
