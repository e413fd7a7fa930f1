using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>OpenAI's chat route.</summary>
public static class AnswerChat
{
    private static readonly ChatFormat Format = new(new OpenAiDialect(), ChatFamily.OpenAi);

    public static void MapAnswerChat(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/chat/completions", (HttpContext http, ChatAnswers answers) => answers.HandleAsync(http, Format));
}
