package bot_test

import (
	"cmp"
	"context"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

func (l *life) MentionedComment(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Comment, error) {
	return step(l, "MentionedComment", func() (instagram.Comment, error) { return l.graph.MentionedComment(ctx, a, id, fields) })
}

func (l *life) MentionedMedia(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Media, error) {
	return step(l, "MentionedMedia", func() (instagram.Media, error) { return l.graph.MentionedMedia(ctx, a, id, fields) })
}

func (l *life) Comment(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Comment, error) {
	return step(l, "Comment", func() (instagram.Comment, error) { return l.graph.Comment(ctx, a, id, fields) })
}

func (l *life) Media(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Media, error) {
	return step(l, "Media", func() (instagram.Media, error) { return l.graph.Media(ctx, a, id, fields) })
}

func (l *life) Write(ctx context.Context, a instagram.Account, r platform.Request) (string, error) {
	return step(l, "Write", func() (string, error) {
		l.story.tell("post", target(r))
		return l.graph.Write(ctx, a, r)
	})
}

// target is what a request answers.
func target(r platform.Request) string {
	return cmp.Or(r.Form["comment_id"], r.Form["media_id"], strings.TrimSuffix(strings.TrimPrefix(r.Path, "/"), "/replies"))
}

func (l *life) Replies(ctx context.Context, a instagram.Account, id string) (instagram.Thread, error) {
	return step(l, "Replies", func() (instagram.Thread, error) {
		thread, err := l.graph.Replies(ctx, a, id)
		return l.story.looked(id, thread, err)
	})
}

func (l *life) MentionedThread(ctx context.Context, a instagram.Account, media, comment string) (instagram.Thread, error) {
	return step(l, "MentionedThread", func() (instagram.Thread, error) {
		thread, err := l.graph.MentionedThread(ctx, a, media, comment)
		return l.story.looked(cmp.Or(comment, media), thread, err)
	})
}
